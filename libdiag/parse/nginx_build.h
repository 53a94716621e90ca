// Which nginx this is and how it was built: the output of `nginx -v` or `nginx -V`, whole, in part,
// or quoted inside other text (ngx_show_version_info in src/core/nginx.c). Examples:
//   nginx version: nginx/1.18.0 (Ubuntu)
//   built with OpenSSL 3.0.13 30 Jan 2024 (running with OpenSSL 3.0.15 3 Sep 2024)
//   configure arguments: --with-cc-opt='-g -O2' --prefix=/usr/share/nginx --with-http_ssl_module
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::parse {

struct NginxBuild {
  std::string flavor;   // "nginx", "openresty", "tengine", "angie", "freenginx"; empty: unknown
  std::string version;  // as printed: "1.24.0", "1.25.3.2"
  std::string base_version;  // of the nginx it is built on; empty when not known
  std::string
      distribution;      // "Ubuntu", "nginx-plus-r30": what --build or the packager added in ( )
  std::string compiler;  // "gcc 12.2.0 (Debian 12.2.0-14)"
  std::string openssl_built;    // "OpenSSL 3.0.13 30 Jan 2024"
  std::string openssl_running;  // the same text as openssl_built when nginx prints only that
  bool tls_sni = false;
  bool has_arguments =
      false;  // a "configure arguments:" line was there: what follows is meaningful
  std::vector<std::string> configure_arguments;  // unquoted: "--with-cc-opt=-g -O2"
  // As configured, or auto/options' defaults; relative ones are put under the prefix. An error log
  // compiled to stderr is "stderr". Empty without arguments.
  std::string prefix, sbin_path, conf_path, error_log_path, http_log_path, pid_path, lock_path;
  std::string modules_path;
  std::string user, group;
  // Debian and Ubuntu betray their revision:
  // -ffile-prefix-map=/build/nginx-X/nginx-1.24.0-2ubuntu7.10=.
  std::string package_revision;              // "1.24.0-2ubuntu7.10"; empty when not betrayed
  std::vector<std::string> static_modules;   // slugs of --add-module and --with-…_module
  std::vector<std::string> dynamic_modules;  // slugs of --add-dynamic-module and …=dynamic
  std::vector<std::string> unknown_modules;  // --add[-dynamic]-module paths without a known slug
  bool debug = false, threads = false, compat = false;
};

// Empty when `text` names no nginx version, no OpenSSL "built with" and no configure arguments.
std::optional<NginxBuild> parse_nginx_build(std::string_view text);

// The nginx release that a version of `flavor` is built on; empty when not known.
std::string nginx_base_version(std::string_view flavor, std::string_view version);

// The text that `nginx -V` would print, from the bytes of an nginx executable (without the OpenSSL
// it runs with, which only the process knows). Empty when the bytes hold no version.
std::string build_text_from_binary(std::string_view bytes);

}  // namespace ngxdiag::parse
