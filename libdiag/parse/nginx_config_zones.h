// Shared memory zones that a configuration declares, with the directive and module that own each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libdiag/parse/nginx_config.h"

namespace ngxdiag::parse {

struct SharedZone {
  std::string name;                  // "SSL" of `ssl_session_cache shared:SSL:10m`
  std::string directive;             // "ssl_session_cache"
  std::string component;             // slug of the owner: "nginx", "lua", "vts", "push-stream" …
  std::string size_text;             // "10m"; empty when not written
  std::optional<int64_t> size;       // bytes, empty when not written or not a size
  const Directive* where = nullptr;  // into the Config
};

// In reading order; a zone declared several times appears several times, a mere use (a `limit_req
// zone=` or a second `ssl_session_cache` without a size) only when that directive can declare one.
std::vector<SharedZone> shared_zones(const Config& config);

}  // namespace ngxdiag::parse
