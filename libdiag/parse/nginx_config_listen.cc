#include "libdiag/parse/nginx_config_listen.h"

#include "libdiag/base/text.h"
#include "libdiag/parse/nginx_config_query.h"

namespace ngxdiag::parse {
namespace {

constexpr int kDefaultPort = 80, kHighestPort = 65535;

int port_of(std::string_view text) {
  const auto number = base::parse_int(text);
  return number && *number > 0 && *number <= kHighestPort ? static_cast<int>(*number) : 0;
}

void ports_of(std::string_view text, Listen& listen) {
  const size_t dash = text.find('-');
  listen.port = port_of(text.substr(0, dash));
  listen.port_last = dash == std::string_view::npos ? listen.port : port_of(text.substr(dash + 1));
}

// ngx_parse_url: a path, [v6]:port, a port alone, host:port, or host alone.
void address_of(std::string_view text, Listen& listen) {
  if (text.substr(0, 5) == "unix:") {
    listen.unix_path = text.substr(5);
    return;
  }
  listen.address = "0.0.0.0";
  listen.port = listen.port_last = kDefaultPort;
  if (!text.empty() && text[0] == '[') {
    const size_t close = text.find(']');
    listen.address = text.substr(0, close == std::string_view::npos ? close : close + 1);
    if (close != std::string_view::npos && text.substr(close + 1, 1) == ":")
      ports_of(text.substr(close + 2), listen);
    return;
  }
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    if (text.find_first_not_of("0123456789-") == std::string_view::npos && !text.empty())
      ports_of(text, listen);
    else if (text != "*" && !text.empty())
      listen.address = text;
    return;
  }
  ports_of(text.substr(colon + 1), listen);
  const std::string_view host = text.substr(0, colon);
  if (host != "*" && !host.empty()) listen.address = host;
}

}  // namespace

Listen parse_listen(const std::vector<ConfigArg>& args) {
  Listen listen;
  if (args.empty()) return listen;
  address_of(args[0].value, listen);
  for (size_t i = 1; i < args.size(); ++i) {
    const std::string& option = args[i].value;
    listen.options.push_back(option);
    if (option == "ssl") listen.ssl = true;
    if (option == "http2" || option == "spdy") listen.http2 = true;
    if (option == "quic" || option == "http3") listen.quic = true;
    if (option == "udp") listen.udp = true;
    if (option == "default_server" || option == "default") listen.default_server = true;
    if (option == "reuseport") listen.reuseport = true;
    if (option == "proxy_protocol") listen.proxy_protocol = true;
    if (option == "deferred") listen.deferred = true;
    if (option == "bind") listen.bind = true;
  }
  if (listen.quic) listen.udp = true;
  return listen;
}

std::vector<Listen> listens(const Config& config) {
  std::vector<Listen> found;
  walk(config, [&](const Directive& directive, const BlockPath& path) {
    const Placed placed{&directive, path};
    if (directive.name == "listen" && !directive.block) {
      Listen listen = parse_listen(directive.args);
      listen.where = &directive;
      listen.server = placed.enclosing("server");
      listen.protocol = placed.protocol();
      found.push_back(std::move(listen));
    }
    // ngx_http_core_server: a server without a listen gets *:80 (*:8000 when not run by root).
    if (directive.name == "server" && directive.block && placed.protocol() == "http" &&
        path.size() == 1 && children_of(directive, "listen").empty()) {
      Listen listen = parse_listen({});
      listen.address = "0.0.0.0";
      listen.port = listen.port_last = kDefaultPort;
      listen.protocol = "http";
      listen.implicit = true;
      listen.where = listen.server = &directive;
      found.push_back(std::move(listen));
    }
  });
  return found;
}

}  // namespace ngxdiag::parse
