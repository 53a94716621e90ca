#include "libdiag/analyze/modules.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

TEST_CASE("a link in modules-enabled names its module and the file to take away") {
  const auto facts = Scene()
                         .with("ls.txt",
                               "$ ls -l /etc/nginx/modules-enabled\n"
                               "lrwxrwxrwx 1 root root 54 Mar  3 10:11 50-mod-nchan.conf -> "
                               "/usr/share/nginx/modules-available/mod-nchan.conf\n")
                         .facts();
  CHECK(facts.number("modules.nchan.present") == 1);
  CHECK(facts.text("modules.nchan.link") == "/etc/nginx/modules-enabled/50-mod-nchan.conf");
  CHECK(facts.text("modules.nchan.target") == "/usr/share/nginx/modules-available/mod-nchan.conf");
  CHECK(list(facts, "modules.configured") == Names{"nchan"});
}

TEST_CASE("what memory holds and what the configuration says are told apart") {
  const auto facts =
      Scene()
          .with("/proc/7/maps",
                "7f1c2a600000-7f1c2a700000 r-xp 00000000 08:01 1312 "
                "/usr/lib/nginx/modules/ngx_nchan_module.so\n",
                model::Kind::kMaps)
          .with("nginx.conf", "load_module modules/ngx_http_lua_module.so;\nevents {}\nhttp {}\n")
          .facts();
  CHECK(list(facts, "modules.loaded") == Names{"nchan"});
  CHECK(list(facts, "modules.configured") == Names{"lua"});
  CHECK(list(facts, "modules.loaded_not_configured") == Names{"nchan"});
  CHECK(list(facts, "modules.configured_not_loaded") == Names{"lua"});
}

TEST_CASE("zones, assertions, messages and directives are witnesses too") {
  const auto facts = Scene()
                         .with("error.log",
                               "2026/04/21 23:18:20 [info] 7#7: Using 131072KiB of shared memory "
                               "for nchan in /etc/nginx/nginx.conf:3\n")
                         .facts();
  CHECK(list(facts, "modules.nchan.witness") == Names{"message"});
  CHECK(list(facts, "modules.third_party") == Names{"nchan"});
}

TEST_CASE("a package gives the version, without its epoch") {
  const auto facts = Scene().with("modules.txt", "libnginx-mod-nchan 1:1.3.6+dfsg-2\n").facts();
  CHECK(facts.text("modules.nchan.version") == "1.3.6+dfsg-2");
  CHECK(facts.text("modules.nchan.package") == "libnginx-mod-nchan");
}

TEST_CASE("a module that is installed but neither loaded nor configured is not there") {
  const std::string installed = "libnginx-mod-nchan 1:1.3.6+dfsg-2\nmodsecurity 3.0.8\n";
  const auto facts =
      Scene().with("modules.txt", installed).with("nginx.conf", "events {}\nhttp {}\n").facts();
  CHECK(facts.find("modules.nchan.present") == nullptr);
  // A name without a distribution's package may be compiled in.
  CHECK(list(facts, "modules.third_party") == Names{"modsecurity"});
  CHECK(
      list(Scene()
               .with("modules.txt", installed)
               .with("nginx.conf", "load_module modules/ngx_nchan_module.so;\nevents {}\nhttp {}\n")
               .facts(),
           "modules.third_party") == Names{"modsecurity", "nchan"});
}

TEST_CASE("a package of nginx.org carries nginx's version before the module's own") {
  CHECK(Scene()
            .with("modules.txt", "nginx-module-njs 1.28.0+0.9.2-1~noble\n")
            .facts()
            .text("modules.njs.version") == "0.9.2-1~noble");
  CHECK(Scene()
            .with("modules.txt", "nginx-plus-module-otel 30+0.1-1~jammy\n")
            .facts()
            .text("modules.otel.version") == "0.1-1~jammy");
  CHECK(Scene()
            .with("modules.txt", "libnginx-mod-http-lua 1:0.10.23-1+deb12u1\n")
            .facts()
            .text("modules.lua.version") == "0.10.23-1+deb12u1");
}

TEST_CASE("the source directory of a compiled-in module gives its version") {
  const auto facts =
      Scene()
          .with("nginx-V.txt",
                "nginx version: nginx/1.15.0\n"
                "configure arguments: --add-module=/src/lua-nginx-module-0.10.13 "
                "--add-module=../naxsi-0.54/naxsi_src --add-module=/src/ngx_cache_purge\n")
          .facts();
  CHECK(facts.text("modules.lua.version") == "0.10.13");
  CHECK(facts.text("modules.naxsi.version") == "0.54");
  CHECK(facts.find("modules.cache-purge.version") == nullptr);
}

TEST_CASE("nothing seen, nothing known") {
  CHECK(Scene().facts().find("modules.names") == nullptr);
}
