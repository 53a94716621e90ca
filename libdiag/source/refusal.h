// What is never evidence: private keys, programs, pictures, empty files.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ngxdiag::source {

// "privkey1.pem", "site.key": not even opened.
bool names_private_key(std::string_view path);
// A PEM block of a private key among the first bytes.
bool holds_private_key(std::string_view head);

// Why a file that begins with `head` is not read, as the second half of a gap ("is empty"); empty
// when it is. `forced`: the user said what it is, so it counts as text.
std::optional<std::string> refusal(std::string_view path, std::string_view head, bool forced);

}  // namespace ngxdiag::source
