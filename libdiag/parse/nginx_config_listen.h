// `listen` directives, parsed as ngx_http_core_listen and ngx_parse_url take them:
//   listen 443 ssl; listen [::]:80 default_server ipv6only=off; listen unix:/run/x.sock; listen
//   *:8000-8010;
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libdiag/parse/nginx_config.h"

namespace ngxdiag::parse {

struct Listen {
  std::string address;  // "0.0.0.0" for none or *, "[::]", "127.0.0.1", "localhost"; empty for unix
  int port = 0;         // 0 for unix and for what is no number
  int port_last = 0;    // of a range, else the same as port
  std::string unix_path;  // of `unix:/path`
  std::string protocol;   // "http", "stream", "mail", "rtmp"; empty in a fragment
  bool ssl = false, http2 = false, quic = false, udp = false, default_server = false;
  bool reuseport = false, proxy_protocol = false, deferred = false, bind = false;
  bool implicit = false;             // server{} without a listen: *:80
  std::vector<std::string> options;  // all of them as written, "backlog=511"
  const Directive* where = nullptr;  // the listen, or the server when implicit; into the Config
  const Directive* server = nullptr;
};

std::vector<Listen> listens(const Config& config);

// One `listen` argument list, without `where` and `server`.
Listen parse_listen(const std::vector<ConfigArg>& args);

}  // namespace ngxdiag::parse
