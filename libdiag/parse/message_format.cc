#include "libdiag/parse/message_format.h"

#include <utility>

#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

constexpr size_t kPointerDigits = 16;

using Piece = MessageFormat::Piece;

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Reads one conversion behind '%'; `format` moves past it.
Piece read_conversion(std::string_view& format, std::string& literal) {
  bool is_unsigned = false, hex = false;
  while (!format.empty()) {
    const char c = format.front();
    if (is_digit(c) || c == '.' || c == '*' || c == '-') {
      format.remove_prefix(1);
    } else if (c == 'u') {
      is_unsigned = true;
      format.remove_prefix(1);
    } else if (c == 'x' || c == 'X') {
      hex = true;
      format.remove_prefix(1);
    } else {
      break;
    }
  }
  const char kind = format.empty() ? '%' : format.front();
  if (!format.empty()) format.remove_prefix(1);
  switch (kind) {
    case '%': literal += '%'; return Piece::kLiteral;
    case 'N': literal += '\n'; return Piece::kLiteral;
    case 'Z': literal += '\0'; return Piece::kLiteral;
    case 'V':
    case 'v':
    case 's': return hex ? Piece::kHex : Piece::kAny;
    case 'c': return Piece::kChar;
    case 'p': return Piece::kPointer;
    case 'f': return Piece::kFraction;
    default: return hex ? Piece::kHex : is_unsigned ? Piece::kUnsigned : Piece::kSigned;
  }
}

// Takes what a number conversion prints off `text`; false when it begins with no such thing.
bool eat_piece(Piece piece, std::string_view& text) {
  size_t i = 0;
  if (piece == Piece::kChar) {
    if (text.empty()) return false;
    text.remove_prefix(1);
    return true;
  }
  if ((piece == Piece::kSigned || piece == Piece::kFraction) && !text.empty() && text[0] == '-')
    ++i;
  const size_t start = i;
  if (piece == Piece::kHex || piece == Piece::kPointer) {
    while (i < text.size() && is_hex(text[i])) ++i;
  } else {
    while (i < text.size() && is_digit(text[i])) ++i;
    if (piece == Piece::kFraction && i > start && i + 1 < text.size() && text[i] == '.')
      while (++i < text.size() && is_digit(text[i])) {
      }
  }
  if (i == start || (piece == Piece::kPointer && i > kPointerDigits)) return false;
  text.remove_prefix(i);
  return true;
}

}  // namespace

MessageFormat::MessageFormat(std::string_view format, size_t argument,
                             std::vector<std::string> alternatives) {
  std::string literal;
  size_t number = 0;
  const auto close = [&] {
    if (!literal.empty()) tokens_.push_back({Piece::kLiteral, std::exchange(literal, {}), {}});
  };
  while (!format.empty()) {
    const char c = format.front();
    format.remove_prefix(1);
    if (c != '%') {
      literal += c;
      continue;
    }
    const Piece piece = read_conversion(format, literal);
    if (piece == Piece::kLiteral) continue;
    close();
    Token token{piece, {}, {}};
    if (++number == argument) token.alternatives = std::exchange(alternatives, {});
    // Two side by side print what one prints.
    if (piece != Piece::kChar && token.alternatives.empty() && !tokens_.empty() &&
        tokens_.back().piece == piece && tokens_.back().alternatives.empty())
      continue;
    tokens_.push_back(std::move(token));
  }
  close();
}

std::string_view MessageFormat::head() const {
  if (tokens_.empty() || tokens_[0].piece != Piece::kLiteral) return {};
  return tokens_[0].text;
}

std::string_view MessageFormat::longest_inner() const {
  std::string_view best;
  for (size_t i = 1; i < tokens_.size(); ++i)
    if (tokens_[i].text.size() > best.size()) best = tokens_[i].text;
  return best;
}

bool MessageFormat::fits(std::string_view text) const { return fits_from(0, text); }

bool MessageFormat::fits_from(size_t at, std::string_view text) const {
  for (; at < tokens_.size(); ++at) {
    const Token& token = tokens_[at];
    if (token.piece == Piece::kLiteral) {
      if (!eat(text, token.text)) return false;
      continue;
    }
    if (token.piece != Piece::kAny) {
      if (!eat_piece(token.piece, text)) return false;
      continue;
    }
    if (!token.alternatives.empty()) {
      for (const std::string& alternative : token.alternatives)
        if (text.starts_with(alternative) && fits_from(at + 1, text.substr(alternative.size())))
          return true;
      return false;
    }
    if (at + 1 == tokens_.size()) return true;
    const Token& next = tokens_[at + 1];
    if (next.piece == Piece::kLiteral) {
      if (at + 2 == tokens_.size()) return text.ends_with(next.text);
      bool later_any = false;  // the first place that fits is then as good as any other
      for (size_t i = at + 2; i < tokens_.size(); ++i)
        later_any |= tokens_[i].piece == Piece::kAny && tokens_[i].alternatives.empty();
      for (size_t found = find_first(text, next.text); found != std::string_view::npos;
           found = find_first(text, next.text, found + 1)) {
        const std::string_view rest = text.substr(found + next.text.size());
        if (!later_any) {
          if (fits_from(at + 2, rest)) return true;
          continue;
        }
        // Up to the next any-text: a run of fixed pieces, which stands at the first place it can.
        size_t end = at + 2;
        std::string_view tail = rest;
        bool good = true;
        for (; good && tokens_[end].piece != Piece::kAny; ++end)
          good = tokens_[end].piece == Piece::kLiteral ? eat(tail, tokens_[end].text)
                                                       : eat_piece(tokens_[end].piece, tail);
        if (!good) continue;
        if (tokens_[end].alternatives.empty()) return fits_from(end, tail);
        if (fits_from(end, tail)) return true;
      }
      return false;
    }
    for (size_t skip = 0; skip <= text.size(); ++skip)
      if (fits_from(at + 1, text.substr(skip))) return true;
    return false;
  }
  return text.empty();
}

}  // namespace ngxdiag::parse
