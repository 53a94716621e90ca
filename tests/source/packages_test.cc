#include "libdiag/source/packages.h"

#include <doctest/doctest.h>

using namespace ngxdiag::source;

TEST_CASE("installed packages that matter become NAME VERSION lines") {
  const char* const status =
      "Package: libnginx-mod-nchan\nStatus: install ok installed\nArchitecture: amd64\nVersion: "
      "1:1.3.6+dfsg-2\n\n"
      "Package: vim\nStatus: install ok installed\nVersion: 9\n\n"
      "Package: nginx-light\nStatus: deinstall ok config-files\nVersion: 1.18.0-6\n\n"
      "Package: nginx\nStatus: hold ok installed\nVersion: 1.22.1-9\nDescription: x\n Package: "
      "fake\n";
  CHECK(packages_of_dpkg(status) == "libnginx-mod-nchan 1:1.3.6+dfsg-2\nnginx 1.22.1-9\n");
  CHECK(packages_of_apk("P:nginx\nV:1.24.0-r7\n\nP:busybox\nV:1\n\n") == "nginx 1.24.0-r7\n");
  const auto files =
      memory_files({{"/lib/apk/db/installed", "P:nginx-mod-http-lua\nV:1.24.0-r7\n"}});
  CHECK(installed_packages(*files) == "nginx-mod-http-lua 1.24.0-r7\n");
  CHECK(installed_packages(*no_files()).empty());
}

TEST_CASE("only changes of relevant packages are kept from dpkg.log") {
  CHECK(changes_of_dpkg_log("2026-05-01 06:12:13 upgrade nginx:amd64 1.22.1-9 1.22.1-9+deb12u1\n"
                            "2026-05-01 06:12:13 status half-configured nginx:amd64 1.22.1-9\n"
                            "2026-05-01 06:12:14 upgrade vim:amd64 8 9\nshort\n") ==
        "2026-05-01 06:12:13 upgrade nginx:amd64 1.22.1-9 1.22.1-9+deb12u1\n");
}
