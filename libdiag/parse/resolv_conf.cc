#include "libdiag/parse/resolv_conf.h"

#include "libdiag/base/text.h"

namespace ngxdiag::parse {

ResolvConf parse_resolv_conf(std::string_view text) {
  constexpr size_t kMax = 64;  // libc takes three
  ResolvConf out;
  for (int number = 1; !text.empty() && out.nameservers.size() < kMax; ++number) {
    const std::string_view line = base::take_line(text);
    const auto words = base::words(line);
    if (words.size() < 2 || words[0] != "nameserver") continue;
    out.nameservers.emplace_back(words[1]);
    out.lines.push_back(number);
  }
  return out;
}

}  // namespace ngxdiag::parse
