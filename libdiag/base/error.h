// The one error a user can cause: a wrong option, an unreadable rule file, a mistake in a rule.
// Bad evidence is never an error (it is a Gap), and a bug is an assert.
#pragma once

#include <stdexcept>
#include <string>

namespace ngxdiag::base {

// Thrown for a wrong request and caught in main(), which prints it as
//   WHERE: WHAT
//     EXCERPT        (the offending text, with a caret where known)
//     REASON
//     HELP           (always something to do)
struct UserError : std::runtime_error {
  std::string where, excerpt, reason, help;

  explicit UserError(std::string what, std::string where_ = {}, std::string excerpt_ = {},
                     std::string reason_ = {}, std::string help_ = {});

  // The whole message as printed on stderr, ending in a newline.
  std::string text() const;
};

}  // namespace ngxdiag::base
