#include "libdiag/base/error.h"

#include <utility>

namespace ngxdiag::base {

UserError::UserError(std::string what, std::string where_, std::string excerpt_,
                     std::string reason_, std::string help_)
    : std::runtime_error(std::move(what)),
      where(std::move(where_)),
      excerpt(std::move(excerpt_)),
      reason(std::move(reason_)),
      help(std::move(help_)) {}

std::string UserError::text() const {
  std::string out = where.empty() ? std::string() : where + ": ";
  out += what();
  out += '\n';
  for (const std::string* part : {&excerpt, &reason, &help})
    if (!part->empty()) out += "  " + *part + '\n';
  return out;
}

}  // namespace ngxdiag::base
