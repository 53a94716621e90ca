// Package and module lists: `dpkg -l`, `rpm -qa`, `NAME VERSION` lines, apt's and dpkg's history.
// Examples:
//   ii  libnginx-mod-nchan  1:1.3.6+dfsg-2  amd64  Fast, flexible pubsub server for Nginx
//   nginx-mod-http-perl-1.20.1-14.el9.x86_64
//   2026-06-08 06:12:33 upgrade nginx:amd64 1.24.0-2ubuntu7.9 1.24.0-2ubuntu7.10
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "libdiag/base/time.h"

namespace ngxdiag::parse {

struct ListedModule {
  std::string_view name, version;           // "" version when only a name stands there
  std::optional<base::CivilTime> upgraded;  // dpkg.log / dnf log: when this version was put in
  std::string_view previous;                // the version before an upgrade, or ""
};
// A row of `dpkg -l`, `dpkg-query -W`, `rpm -qa`, `apt list --installed`, `apk list`, `pacman -Q`,
// "vts 0.1.13", a single name, or an install or upgrade of dpkg.log and dnf's log. Of apt's
// "Upgrade: a (1, 2), b (3, 4)" the first package of nginx, else the first: parse_apt_upgrades has
// all. Empty when the line is no such row, or the package is not installed ("un", "rc").
std::optional<ListedModule> parse_listed_module(std::string_view line);

// All packages of "Upgrade: nginx:amd64 (1.24.0-2ubuntu7.9, 1.24.0-2ubuntu7.10), …" or "Install: …"
// of /var/log/apt/history.log; none on anything else. Their time is in the "Start-Date:" line
// before it.
std::vector<ListedModule> parse_apt_upgrades(std::string_view line);

// "Start-Date: 2026-06-08  06:12:33"; empty on anything else.
std::optional<base::CivilTime> parse_apt_date(std::string_view line);

}  // namespace ngxdiag::parse
