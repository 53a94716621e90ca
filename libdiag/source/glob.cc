#include "libdiag/source/glob.h"

#include <algorithm>

#include "libdiag/base/text.h"

namespace ngxdiag::source {
namespace {

bool wild(std::string_view part) { return part.find_first_of("*?[\\") != std::string_view::npos; }

// One pattern element at `p` against `c`: its length in the pattern, 0 when it does not match.
size_t match_one(std::string_view pattern, size_t p, char c) {
  if (pattern[p] == '?') return 1;
  if (pattern[p] == '\\' && p + 1 < pattern.size()) return pattern[p + 1] == c ? 2 : 0;
  if (pattern[p] == '[') {
    size_t i = p + 1;
    const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
    i += negated;
    bool hit = false;
    for (size_t first = i; i < pattern.size() && (pattern[i] != ']' || i == first);) {
      if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
        hit |= pattern[i] <= c && c <= pattern[i + 2];
        i += 3;
      } else {
        hit |= pattern[i++] == c;
      }
    }
    if (i < pattern.size()) return hit != negated ? i + 1 - p : 0;
    // No closing bracket: an ordinary character.
  }
  return pattern[p] == c ? 1 : 0;
}

void expand(const Files& files, const std::string& base, const std::vector<std::string_view>& parts,
            size_t at, std::vector<std::string>& out) {
  if (out.size() >= kMaxGlob) return;
  if (at == parts.size()) {
    out.push_back(base);
    return;
  }
  const std::string prefix = base.empty() || base.back() == '/' ? base : base + "/";
  if (!wild(parts[at])) {
    const std::string path = prefix + std::string(parts[at]);
    if (files.info(path).exists) expand(files, path, parts, at + 1, out);
    return;
  }
  model::Gap ignored;
  for (const std::string& name : files.list(base.empty() ? "." : base, ignored))
    if (glob_match(parts[at], name)) expand(files, prefix + name, parts, at + 1, out);
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view name) {
  if (!name.empty() && name[0] == '.' && (pattern.empty() || pattern[0] != '.')) return false;
  size_t p = 0, n = 0;
  size_t star = std::string_view::npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
      continue;
    }
    const size_t length = p < pattern.size() ? match_one(pattern, p, name[n]) : 0;
    if (length) {
      p += length;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::vector<std::string> expand_glob(const Files& files, std::string_view pattern) {
  std::vector<std::string> out;
  if (pattern.empty()) return out;
  std::vector<std::string_view> parts;
  for (const std::string_view part : base::split(pattern, '/'))
    if (!part.empty()) parts.push_back(part);
  expand(files, pattern[0] == '/' ? "/" : "", parts, 0, out);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace ngxdiag::source
