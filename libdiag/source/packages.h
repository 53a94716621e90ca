// Which packages are installed and what was changed last, for versions of nginx and its modules.
#pragma once

#include <string>
#include <string_view>

#include "libdiag/source/files.h"

namespace ngxdiag::source {

// True for packages that matter to a sick nginx: nginx, its modules and relatives, TLS and C
// libraries, ACME clients.
bool is_relevant_package(std::string_view name);

// "NAME VERSION" lines, one per installed relevant package, of a dpkg status file:
//   Package: libnginx-mod-nchan / Status: install ok installed / Version: 1:1.3.6+dfsg-2
std::string packages_of_dpkg(std::string_view status);
// The same of Alpine's /lib/apk/db/installed ("P:nginx", "V:1.24.0-r7").
std::string packages_of_apk(std::string_view installed);

// The lines of dpkg.log that install, upgrade or remove a relevant package, oldest first.
std::string changes_of_dpkg_log(std::string_view log);

// From whichever package database lies below `files`; "" when there is none.
std::string installed_packages(const Files& files);

}  // namespace ngxdiag::source
