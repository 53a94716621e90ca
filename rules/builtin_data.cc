#include "libdiag/base/builtin_data.h"

#include <string>

namespace ngxdiag::base {

std::string_view builtin_data(std::string_view name) {
  const std::string path = "rules/data/" + std::string(name);
  for (const BuiltinFile& file : builtin_files())
    if (file.path == path) return file.text;
  return {};
}

}  // namespace ngxdiag::base
