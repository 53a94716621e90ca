#include "libdiag/source/packages.h"

#include <array>

#include "libdiag/base/text.h"

namespace ngxdiag::source {
namespace {

constexpr size_t kDatabase = 64u << 20;

bool begins(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

}  // namespace

bool is_relevant_package(std::string_view name) {
  static constexpr std::array<std::string_view, 20> kBeginnings = {
      "nginx",     "libnginx",       "openresty",       "tengine",    "angie",
      "freenginx", "libmodsecurity", "modsecurity",     "passenger",  "libluajit",
      "luajit",    "libssl",         "openssl",         "libc6",      "glibc",
      "musl",      "certbot",        "python3-certbot", "dehydrated", "logrotate"};
  for (const std::string_view part : kBeginnings)
    if (begins(name, part)) return true;
  return false;
}

std::string packages_of_dpkg(std::string_view status) {
  std::string out;
  std::string_view name, version;
  bool installed = false;
  const auto flush = [&] {
    if (installed && !version.empty() && is_relevant_package(name))
      out += std::string(name) + " " + std::string(version) + "\n";
    name = version = {};
    installed = false;
  };
  while (!status.empty()) {
    const std::string_view line = base::take_line(status);
    if (line.empty())
      flush();
    else if (begins(line, "Package: "))
      name = line.substr(9);
    else if (begins(line, "Version: "))
      version = line.substr(9);
    else if (begins(line, "Status: "))
      installed = line.find(" ok installed") != std::string_view::npos;
  }
  flush();
  return out;
}

std::string packages_of_apk(std::string_view installed) {
  std::string out;
  std::string_view name;
  while (!installed.empty()) {
    const std::string_view line = base::take_line(installed);
    if (begins(line, "P:")) name = line.substr(2);
    if (begins(line, "V:") && is_relevant_package(name))
      out += std::string(name) + " " + std::string(line.substr(2)) + "\n";
  }
  return out;
}

std::string changes_of_dpkg_log(std::string_view log) {
  std::string out;
  while (!log.empty()) {
    const std::string_view line = base::take_line(log);
    if (line.size() < 24) continue;
    // "2026-05-01 06:12:13 upgrade nginx:amd64 1.22.1-9 1.22.1-9+deb12u1"
    const std::string_view rest = line.substr(20);
    for (const std::string_view verb : {"upgrade ", "install ", "remove ", "purge "})
      if (begins(rest, verb) && is_relevant_package(rest.substr(verb.size())))
        out += std::string(line) + "\n";
  }
  return out;
}

std::string installed_packages(const Files& files) {
  if (const Fetched status = files.read("/var/lib/dpkg/status", kDatabase); status.bytes)
    return packages_of_dpkg(*status.bytes);
  if (const Fetched apk = files.read("/lib/apk/db/installed", kDatabase); apk.bytes)
    return packages_of_apk(*apk.bytes);
  return "";
}

}  // namespace ngxdiag::source
