// One printf format of nginx as a matcher: `connect() to %V failed` fits
//   connect() to 10.0.0.5:80 failed
// The conversions are those of ngx_vslprintf (src/core/ngx_string.c): %V %v %s %*s print any bytes;
// %d %i %z %O %P … a decimal with a sign; with u without one; with x or X hexadecimal; %p sixteen
// hexadecimal digits; %M a decimal or -1; %c a byte; %f and %.3f a fraction; %% a percent sign. An
// empty format fits only the empty text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::parse {

class MessageFormat {
 public:
  enum class Piece : uint8_t {
    kLiteral,
    kAny,
    kSigned,
    kUnsigned,
    kHex,
    kPointer,
    kChar,
    kFraction
  };
  struct Token {
    Piece piece = Piece::kLiteral;
    std::string text;                       // of a literal
    std::vector<std::string> alternatives;  // kAny: the only texts it prints, when they are known
  };

  // `argument` (from 1) prints one of `alternatives` only; 0: nothing is known.
  explicit MessageFormat(std::string_view format, size_t argument = 0,
                         std::vector<std::string> alternatives = {});

  // True when the whole text can be a print of this format. Time is at most quadratic in `text`.
  bool fits(std::string_view text) const;

  const std::vector<Token>& tokens() const { return tokens_; }
  // The literal it begins with, and its longest literal behind that; empty when there is none.
  std::string_view head() const;
  std::string_view longest_inner() const;

 private:
  bool fits_from(size_t token, std::string_view text) const;

  std::vector<Token> tokens_;
};

}  // namespace ngxdiag::parse
