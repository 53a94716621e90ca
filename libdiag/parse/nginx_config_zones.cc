#include "libdiag/parse/nginx_config_zones.h"

#include <array>
#include <string_view>

#include "libdiag/base/text.h"
#include "libdiag/parse/nginx_config_query.h"

namespace ngxdiag::parse {
namespace {

// How a directive writes its zone.
enum class Form {
  kNameSize,     // lua_shared_dict NAME SIZE
  kNameKeySize,  // req_status_zone NAME KEY SIZE
  kSizeName,     // push_stream_shared_memory_size SIZE [NAME]
  kShared,       // ssl_session_cache … shared:NAME:SIZE
  kZoneOption,   // limit_req_zone KEY zone=NAME:SIZE
  kKeysZone,     // proxy_cache_path PATH keys_zone=NAME:SIZE
  kSizeOnly,     // nchan_shared_memory_size SIZE, the name is fixed
};

struct Declares {
  std::string_view directive;
  Form form;
  std::string_view component;
  std::string_view default_name;
};

// Sources: the documentation of each directive; names of zones from the modules' own sources.
constexpr std::array<Declares, 26> kDeclares = {{
    {"lua_shared_dict", Form::kNameSize, "lua", ""},
    {"js_shared_dict_zone", Form::kZoneOption, "njs", ""},
    {"proxy_cache_path", Form::kKeysZone, "nginx", ""},
    {"fastcgi_cache_path", Form::kKeysZone, "nginx", ""},
    {"scgi_cache_path", Form::kKeysZone, "nginx", ""},
    {"uwsgi_cache_path", Form::kKeysZone, "nginx", ""},
    {"limit_req_zone", Form::kZoneOption, "nginx", ""},
    {"limit_conn_zone", Form::kZoneOption, "nginx", ""},
    {"limit_zone", Form::kNameSize, "nginx", ""},
    {"ssl_session_cache", Form::kShared, "nginx", ""},
    {"ssl_ocsp_cache", Form::kShared, "nginx", ""},
    {"zone", Form::kNameSize, "nginx", ""},
    {"sticky", Form::kZoneOption, "nginx", ""},
    {"keyval_zone", Form::kZoneOption, "nginx", ""},
    {"vhost_traffic_status_zone", Form::kShared, "vts", "ngx_http_vhost_traffic_status"},
    {"server_traffic_status_zone", Form::kShared, "sts", "ngx_http_stream_server_traffic_status"},
    {"push_stream_shared_memory_size", Form::kSizeName, "push-stream", "push_stream_module"},
    {"push_max_reserved_memory", Form::kSizeOnly, "http-push", "push_module"},
    {"nchan_shared_memory_size", Form::kSizeOnly, "nchan", "memstore"},
    {"upload_progress", Form::kNameSize, "uploadprogress", ""},
    {"req_status_zone", Form::kNameKeySize, "req-status", ""},
    {"dav_ext_lock_zone", Form::kZoneOption, "dav-ext", ""},
    {"dyups_shm_zone_size", Form::kSizeOnly, "dyups", "ngx_http_dyups_module"},
    {"check_shm_size", Form::kSizeOnly, "upstream-check", "ngx_http_upstream_check"},
    {"upstream_fair_shm_size", Form::kSizeOnly, "upstream-fair", "upstream_fair"},
    {"acme_shared_zone", Form::kZoneOption, "acme", "ngx_acme_shared"},
}};

const Declares* declares(std::string_view directive) {
  for (const Declares& entry : kDeclares)
    if (entry.directive == directive) return &entry;
  return nullptr;
}

// "NAME:SIZE" or "NAME".
void name_and_size(std::string_view text, SharedZone& zone) {
  const size_t colon = text.find(':');
  zone.name = text.substr(0, colon);
  if (colon == std::string_view::npos) return;
  const std::string_view size = text.substr(colon + 1);
  zone.size_text = size.substr(0, size.find(':'));
}

// `key=VALUE` or `key:VALUE` among the arguments; the first, or empty.
std::string_view option(const Directive& directive, std::string_view key) {
  for (const ConfigArg& arg : directive.args)
    if (std::string_view(arg.value).substr(0, key.size()) == key)
      return std::string_view(arg.value).substr(key.size());
  return {};
}

}  // namespace

std::vector<SharedZone> shared_zones(const Config& config) {
  std::vector<SharedZone> zones;
  walk(config, [&](const Directive& directive, const BlockPath& path) {
    const Declares* entry = declares(directive.name);
    if (!entry) return;
    // `zone` declares only in an upstream (or in a fragment of one).
    if (directive.name == "zone" && !path.empty() && path.back()->name != "upstream") return;
    SharedZone zone;
    zone.directive = directive.name;
    zone.component = entry->component;
    zone.where = &directive;
    switch (entry->form) {
      case Form::kNameSize:
        zone.name = directive.arg(0);
        zone.size_text = directive.arg(1);
        break;
      case Form::kNameKeySize:
        zone.name = directive.arg(0);
        zone.size_text = directive.arg(2);
        break;
      case Form::kSizeName:
        zone.size_text = directive.arg(0);
        zone.name = directive.arg(1);
        break;
      case Form::kShared: name_and_size(option(directive, "shared:"), zone); break;
      case Form::kZoneOption: name_and_size(option(directive, "zone="), zone); break;
      case Form::kKeysZone: name_and_size(option(directive, "keys_zone="), zone); break;
      case Form::kSizeOnly: zone.size_text = directive.arg(0); break;
    }
    if (zone.name.empty()) zone.name = entry->default_name;
    if (zone.name.empty()) return;
    if (!zone.size_text.empty()) zone.size = base::parse_size(zone.size_text);
    zones.push_back(std::move(zone));
  });
  return zones;
}

}  // namespace ngxdiag::parse
