#include "libdiag/parse/nginx_build.h"

#include <doctest/doctest.h>

#include <string>

using namespace ngxdiag::parse;

namespace {

using Names = std::vector<std::string>;

// "flavor version base distribution"
std::string named(std::string_view text) {
  const auto build = parse_nginx_build(text);
  if (!build) return "none";
  return build->flavor + " " + build->version + " " + build->base_version + " " +
         build->distribution;
}

constexpr std::string_view kUbuntu =
    "nginx version: nginx/1.24.0 (Ubuntu)\n"
    "built with OpenSSL 3.0.10 1 Aug 2023 (running with OpenSSL 3.0.13 30 Jan 2024)\n"
    "TLS SNI support enabled\n"
    "configure arguments: --with-cc-opt='-g -O2 "
    "-ffile-prefix-map=/build/nginx-Qd8rYn/nginx-1.24.0-2ubuntu7.10=. -flto=auto' "
    "--with-ld-opt='-Wl,-z,relro -fPIC' --prefix=/usr/share/nginx "
    "--conf-path=/etc/nginx/nginx.conf --http-log-path=/var/log/nginx/access.log "
    "--error-log-path=stderr --lock-path=/var/lock/nginx.lock --pid-path=/run/nginx.pid "
    "--modules-path=/usr/lib/nginx/modules --with-compat --with-debug --with-pcre-jit "
    "--with-http_ssl_module --with-http_v2_module --with-threads --with-http_flv_module "
    "--with-mail_ssl_module --with-http_geoip_module=dynamic --with-mail=dynamic "
    "--with-stream=dynamic --add-dynamic-module=/build/nginx/debian/modules/http-lua "
    "--add-module=/src/my-thing_module-1.2\n";

}  // namespace

TEST_CASE("a version line is enough") {
  CHECK(named("nginx version: nginx/1.18.0 (Ubuntu)") == "nginx 1.18.0 1.18.0 Ubuntu");
  CHECK(named("nginx version: nginx/1.25.1 (nginx-plus-r30)") ==
        "nginx 1.25.1 1.25.1 nginx-plus-r30");
  CHECK(named("nginx version: openresty/1.25.3.2\n") == "openresty 1.25.3.2 1.25.3 ");
  CHECK(named("Tengine version: Tengine/2.2.3\n") == "tengine 2.2.3 1.8.1 ");
  CHECK(named("Tengine version: Tengine/2.2.3 (nginx/1.8.1)\n") == "tengine 2.2.3 1.8.1 ");
  CHECK(named("Tengine version: Tengine/2.3.2\nnginx version: nginx/1.17.3") ==
        "tengine 2.3.2 1.17.3 ");
  CHECK(named("Angie version: Angie/1.5.1\nnginx version: nginx/1.25.4\n") ==
        "angie 1.5.1 1.25.4 ");
  CHECK(named("nginx version: freenginx/1.27.1\n") == "freenginx 1.27.1  ");
  CHECK(named("nginx/1.25.3") == "nginx 1.25.3 1.25.3 ");
  CHECK(named("2024/01/02 03:04:05 [notice] 1#1: nginx/1.25.3\n") == "nginx 1.25.3 1.25.3 ");
  CHECK(named("$ nginx -v\r\nnginx version: nginx/1.14.0 (Ubuntu)\r\n$") ==
        "nginx 1.14.0 1.14.0 Ubuntu");
}

TEST_CASE("what only mentions nginx is no version") {
  CHECK(named("") == "none");
  CHECK(named("Server: nginx/1.18.0") == "none");
  CHECK(named("<center>nginx/1.18.0</center>") == "none");
  CHECK(named("GET /nginx/1.2 HTTP/1.1") == "none");
  CHECK(named("nginx was built with SNI support, however, now it is linked") == "none");
  CHECK(named("/usr/share/nginx/1.2") == "none");
}

TEST_CASE("the bases of forks") {
  CHECK(nginx_base_version("tengine", "2.3.3") == "1.18.0");
  CHECK(nginx_base_version("tengine", "3.1.0") == "1.24.0");
  CHECK(nginx_base_version("tengine", "1.0.0").empty());
  CHECK(nginx_base_version("angie", "1.10.2") == "1.27.5");
  CHECK(nginx_base_version("angie", "1.0.0") == "1.23.2");
  CHECK(nginx_base_version("openresty", "1.15.8.1") == "1.15.8");
  CHECK(nginx_base_version("openresty", "1.15.8").empty());
  CHECK(nginx_base_version("nginx", "1.2.3") == "1.2.3");
  CHECK(nginx_base_version("apache", "2.4").empty());
}

TEST_CASE("the whole of nginx -V") {
  const auto build = parse_nginx_build(kUbuntu);
  REQUIRE(build);
  CHECK(build->openssl_built == "OpenSSL 3.0.10 1 Aug 2023");
  CHECK(build->openssl_running == "OpenSSL 3.0.13 30 Jan 2024");
  CHECK(build->tls_sni);
  CHECK(build->package_revision == "1.24.0-2ubuntu7.10");
  CHECK(build->prefix == "/usr/share/nginx");
  CHECK(build->sbin_path == "/usr/share/nginx/sbin/nginx");
  CHECK(build->conf_path == "/etc/nginx/nginx.conf");
  CHECK(build->error_log_path == "stderr");
  CHECK(build->http_log_path == "/var/log/nginx/access.log");
  CHECK(build->pid_path == "/run/nginx.pid");
  CHECK(build->modules_path == "/usr/lib/nginx/modules");
  CHECK(build->debug);
  CHECK(build->threads);
  CHECK(build->compat);
  CHECK(build->static_modules == Names{"ssl", "http2", "flv", "mail-ssl", "my-thing"});
  CHECK(build->dynamic_modules == Names{"geoip", "mail", "stream", "lua"});
  CHECK(build->unknown_modules == Names{"my-thing"});
  CHECK(build->configure_arguments[0].substr(0, 21) == "--with-cc-opt=-g -O2 ");
  CHECK(build->configure_arguments.size() == 22);
}

TEST_CASE("defaults are those of auto/options") {
  const auto build = parse_nginx_build("configure arguments:\n");
  REQUIRE(build);
  CHECK(build->has_arguments);
  CHECK(build->prefix == "/usr/local/nginx");
  CHECK(build->conf_path == "/usr/local/nginx/conf/nginx.conf");
  CHECK(build->error_log_path == "/usr/local/nginx/logs/error.log");
  CHECK(build->pid_path == "/usr/local/nginx/logs/nginx.pid");
  CHECK(build->modules_path == "/usr/local/nginx/modules");
  CHECK(build->user == "nobody");
  const auto bare = parse_nginx_build("nginx version: nginx/1.18.0");
  CHECK_FALSE(bare->has_arguments);
  CHECK(bare->prefix.empty());
}

TEST_CASE("wrapped arguments and quotes inside values") {
  const auto build = parse_nginx_build(
      "nginx version: nginx/1.9.9\nconfigure arguments: --prefix=/a\n  --with-http_ssl_module\n"
      "  --with-cc-opt='-DA='x' -g'\n--user=www\nother text --with-debug\n");
  REQUIRE(build);
  CHECK(build->configure_arguments ==
        Names{"--prefix=/a", "--with-http_ssl_module", "--with-cc-opt=-DA='x' -g", "--user=www"});
  CHECK(build->user == "www");
  CHECK(build->group == "www");
  CHECK_FALSE(build->debug);
}

TEST_CASE("a revision is taken only when it is there") {
  const auto revision = [](std::string_view argument) {
    return parse_nginx_build("configure arguments: " + std::string(argument))->package_revision;
  };
  CHECK(revision("--with-cc-opt='-ffile-prefix-map=/build/reproducible-path/nginx-1.22.1=. -g'")
            .empty());
  CHECK(
      revision("--with-cc-opt='-fdebug-prefix-map=/build/nginx-AbC1/nginx-1.18.0-0ubuntu1.4=.'") ==
      "1.18.0-0ubuntu1.4");
  CHECK(revision("--build=nginx-1.22.1-9+deb12u3") == "1.22.1-9+deb12u3");
  CHECK(revision("--build=Ubuntu").empty());
}

TEST_CASE("OpenSSL alone is a build text too") {
  const auto build = parse_nginx_build("built with OpenSSL 3.0.13\n");
  REQUIRE(build);
  CHECK(build->version.empty());
  CHECK(build->openssl_running == "OpenSSL 3.0.13");
}

TEST_CASE("the text of nginx -V out of an executable") {
  using namespace std::string_literals;
  const std::string elf =
      "\x7F"
      "ELF\0\0nginx version: \0nginx version: nginx/1.22.1\n\0Usage: nginx\0"
      "built with OpenSSL 3.0.20 7 Apr 2026 (running with \0built with OpenSSL 3.0.20 7 Apr "
      "2026\n\0"
      "built by gcc 12.2.0 (Debian 12.2.0-14)\n\0TLS SNI support enabled\n\0"
      "configure arguments: --prefix=/usr --with-debug\n\0nginx/1.22.1\0"s;
  CHECK(build_text_from_binary(elf) ==
        "nginx version: nginx/1.22.1\nbuilt by gcc 12.2.0 (Debian 12.2.0-14)\n"
        "built with OpenSSL 3.0.20 7 Apr 2026\nTLS SNI support enabled\n"
        "configure arguments: --prefix=/usr --with-debug\n");
  CHECK(build_text_from_binary("\0\0openresty/1.21.4.1\0Server: nginx/9.9"s) ==
        "nginx version: openresty/1.21.4.1\n");
  CHECK(build_text_from_binary("nothing\0here"s).empty());
  CHECK(build_text_from_binary("").empty());
}

TEST_CASE("hostile bytes cost time in proportion only") {
  for (std::string_view piece : {"nginx version: nginx/", "built with ",
                                 "configure arguments:", "nginx/1 ", "--add-module=", "'"}) {
    std::string text;
    while (text.size() < (size_t{1} << 20)) text += piece;
    parse_nginx_build(text);
    CHECK(build_text_from_binary(text).size() < text.size());
  }
}
