// Something that could not be seen. Said in the report's `not_observed`; never read as "false".
#pragma once

#include <string>

namespace ngxdiag::model {

struct Gap {
  std::string what;  // "/var/log/nginx/error.log"
  std::string why;   // "permission denied: run as root"
};

}  // namespace ngxdiag::model
