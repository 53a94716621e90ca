// Which sockets and names a configuration serves certificates at, and which of its server blocks
// answers each: nginx picks it by address and port first, by name second
// (ngx_http_find_virtual_server).
#pragma once

#include <string>
#include <vector>

#include "libdiag/parse/nginx_config_listen.h"
#include "libdiag/parse/nginx_config_query.h"

namespace ngxdiag::analyze {

struct ServedTarget {
  std::string address;  // to connect to: "127.0.0.1" for a wildcard listen
  int port = 0;
  std::string name;                                   // to ask for; "" for the default server
  std::vector<const parse::Directive*> certificates;  // one of these is to be shown
  const parse::Directive* listen = nullptr;
};

// Left out: names with wildcards, regular expressions or non-ASCII letters, servers whose
// certificate depends on variables, sockets that await the PROXY protocol, QUIC and port ranges.
// Everything points into `config`.
std::vector<ServedTarget> served_targets(const parse::Config& config);

// The server block shakes hands with its clients.
bool presents_tls(const parse::Config& config, const parse::Placed& server);

}  // namespace ngxdiag::analyze
