// /proc/PID/maps (or `pmap`, `lsof`): which shared objects a process really has loaded. Example:
//   7f1c2a600000-7f1c2a700000 r-xp 00000000 08:01 1312 /usr/lib/nginx/modules/ngx_nchan_module.so
#pragma once

#include <optional>
#include <string_view>

namespace ngxdiag::parse {

struct MappedFile {
  std::string_view path;  // " (deleted)" removed
  bool deleted = false;   // the file was replaced or removed after it was mapped
};
// The file of a mapping line; empty for anonymous and special mappings and other lines.
std::optional<MappedFile> parse_mapped_file(std::string_view line);

// The soft value of a row of /proc/PID/limits ("Max open files  1024  524288  files"); empty on
// other rows, -1 for unlimited.
std::optional<long long> parse_limit(std::string_view line, std::string_view name);

}  // namespace ngxdiag::parse
