#include "libdiag/source/slow_mounts.h"

#include <array>

#include "libdiag/base/text.h"

namespace ngxdiag::source {
namespace {

bool is_slow(std::string_view type) {
  static constexpr std::array<std::string_view, 13> kTypes = {
      "nfs",    "nfs4",   "cifs", "smb3", "smbfs",  "ceph", "glusterfs",
      "lustre", "beegfs", "afs",  "9p",   "autofs", "fuse"};
  for (const std::string_view slow : kTypes)
    if (type == slow) return true;
  return type.substr(0, 5) == "fuse.";
}

// Blanks and such are written as \040.
std::string unescaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto octal = [&](size_t at) { return text[at] >= '0' && text[at] <= '7'; };
    if (text[i] == '\\' && i + 3 < text.size() && octal(i + 1) && octal(i + 2) && octal(i + 3)) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                               (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::set<std::string> slow_mounts(std::string_view mountinfo) {
  std::set<std::string> out;
  while (!mountinfo.empty()) {
    const auto words = base::words(base::take_line(mountinfo));
    // The optional fields end at a lone "-"; the type follows.
    for (size_t i = 6; i + 1 < words.size(); ++i)
      if (words[i] == "-") {
        if (is_slow(words[i + 1])) out.insert(unescaped(words[4]));
        break;
      }
  }
  return out;
}

}  // namespace ngxdiag::source
