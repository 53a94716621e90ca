// Package and module lists: `dpkg -l`, `rpm -qa`, `NAME VERSION` lines, apt's and dpkg's history. Example:
//   ii  libnginx-mod-nchan  1:1.3.6+dfsg-2  amd64  Fast, flexible pubsub server for Nginx
#pragma once

#include <optional>
#include <string_view>

#include "libdiag/base/time.h"

namespace ngxdiag::parse {

struct ListedModule {
  std::string_view name, version;       // "" version when only a name stands there
  std::optional<base::CivilTime> upgraded;  // dpkg.log / apt history: when this version was put in
  std::string_view previous;            // the version before an upgrade, or ""
};
// Empty when the line is no such row, or the package is not installed ("un", "rc").
std::optional<ListedModule> parse_listed_module(std::string_view line);

}  // namespace ngxdiag::parse
