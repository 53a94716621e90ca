// `ls -l` rows, and what they show of modules-enabled and of certificates. Example:
//   lrwxrwxrwx 1 root root 54 Mar  3 10:11 50-mod-nchan.conf ->
//   /usr/share/nginx/modules-available/mod-nchan.conf
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "libdiag/base/time.h"

namespace ngxdiag::parse {

struct ListingRow {
  std::string_view mode;  // "lrwxrwxrwx", without the mark of an ACL or a label behind it
  std::string_view owner, group;
  int64_t size = 0;                         // 0 for devices
  std::optional<base::CivilTime> modified;  // unknown for months of another language
  std::string_view name, target;            // target: of a symlink, else ""
};
// One row of `ls -l`, `ls -la`, `ls -li`, `ls -lZ`, `ls -l --time-style=…`, `find -ls`. Empty on
// anything else. `near` gives the year of rows that show a clock instead ("Mar  3 10:11").
std::optional<ListingRow> parse_listing_row(std::string_view line, base::CivilTime near);

// The directory a row belongs to: "/etc/nginx/modules-enabled:" (ls of several), or a prompt
// "$ ls -l /etc/nginx/modules-enabled/". Without the slash at its end. Empty on anything else.
std::string_view parse_listing_directory(std::string_view line);

}  // namespace ngxdiag::parse
