#include "libdiag/source/refusal.h"

#include "libdiag/base/text.h"
#include "libdiag/source/recognise.h"

namespace ngxdiag::source {

bool names_private_key(std::string_view path) {
  const size_t slash = path.rfind('/');
  const std::string name =
      base::lower(slash == std::string_view::npos ? path : path.substr(slash + 1));
  const auto ends = [&](std::string_view with) {
    return name.size() >= with.size() &&
           std::string_view(name).substr(name.size() - with.size()) == with;
  };
  return ends(".key") || (name.substr(0, 7) == "privkey" && ends(".pem")) ||
         name == "private_key.json";
}

bool holds_private_key(std::string_view head) {
  for (size_t at = head.find("-----BEGIN "); at != std::string_view::npos;
       at = head.find("-----BEGIN ", at + 1))
    if (base::contains(head.substr(at, 64), "PRIVATE KEY-----")) return true;
  return false;
}

std::optional<std::string> refusal(std::string_view path, std::string_view head, bool forced) {
  if (names_private_key(path))
    return "is named like a private key: it is not needed and was not read";
  if (head.empty()) return "is empty";
  if (holds_private_key(head)) return "holds a private key: it is not needed and was not read";
  if (forced || !is_binary(head)) return std::nullopt;
  if (head.substr(0, 4) ==
      "\x7f"
      "ELF")
    return head.size() > 17 && head[16] == 4
               ? "is a core dump: print its backtrace with gdb and give that"
               : "is a program";
  return "is no text";
}

}  // namespace ngxdiag::source
