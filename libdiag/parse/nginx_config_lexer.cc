#include "libdiag/parse/nginx_config_lexer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "libdiag/base/text.h"

namespace ngxdiag::parse {
namespace {

constexpr size_t kNginxBuffer = 4096;  // NGX_CONF_BUFFER: no word or comment may be longer
// Bounds for hostile texts: of one statement, and of notes made while it is read.
constexpr size_t kMostWords = 1'000'000, kMostNotes = 10'000;
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kOwnName = "ngxdiag";

enum ByteClass : unsigned char { kOther, kBlank, kStop, kEscape, kDollar };

constexpr std::array<unsigned char, 256> make_classes() {
  std::array<unsigned char, 256> classes{};
  for (char c : {' ', '\t', '\r', '\n'}) classes[static_cast<unsigned char>(c)] = kBlank;
  for (char c : {';', '{'}) classes[static_cast<unsigned char>(c)] = kStop;
  classes[static_cast<unsigned char>('\\')] = kEscape;
  classes[static_cast<unsigned char>('$')] = kDollar;
  return classes;
}

constexpr std::array<unsigned char, 256> kClasses = make_classes();

unsigned char class_of(char c) { return kClasses[static_cast<unsigned char>(c)]; }

std::string unescaped(std::string_view word) {
  std::string value;
  value.reserve(word.size());
  for (size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '\\' && i + 1 < word.size()) {
      const char next = word[i + 1];
      const size_t known = std::string_view("\"'\\trn").find(next);
      if (known != std::string_view::npos) {
        value += "\"'\\\t\r\n"[known];
        ++i;
        continue;
      }
    }
    value += word[i];
  }
  return value;
}

// The level of a Lua long bracket that opens at `at` ("[[" is 0, "[==[" is 2).
std::optional<size_t> long_bracket_level(std::string_view text, size_t at) {
  size_t i = at + 1;
  while (i < text.size() && text[i] == '=') ++i;
  if (i >= text.size() || text[i] != '[') return std::nullopt;
  return i - at - 1;
}

}  // namespace

ConfigLexer::ConfigLexer(std::string_view text, bool skip_cuts)
    : text_(text), skip_cuts_(skip_cuts) {
  if (text_.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    // nginx takes the mark for the first bytes of a directive's name.
    size_t end = kByteOrderMark.size();
    while (end < text_.size() && class_of(text_[end]) == kOther) ++end;
    if (end > kByteOrderMark.size() && text_[kByteOrderMark.size()] != '#')
      problem("unknown directive \"" + std::string(text_.substr(0, end)) + "\"", 1, 1);
    pos_ = kByteOrderMark.size();
  }
}

void ConfigLexer::problem(std::string says, int line, int column) {
  if (problems.size() >= kMostNotes) return;
  problems.push_back({{}, line, column, std::move(says), {}});
}

void ConfigLexer::newline_at(size_t at) {
  ++line_;
  line_start_ = at + 1;
}

void ConfigLexer::note_length(size_t start, size_t end, int line, int column, char quote) {
  if (end - start <= kNginxBuffer) return;
  if (quote)
    problem(
        std::string("too long parameter, probably missing terminating \"") + quote + "\" character",
        line, column);
  else
    problem("too long parameter \"" + std::string(text_.substr(start, 10)) + "...\" started", line,
            column);
}

// Leaves the lexer on the line feed.
void ConfigLexer::comment() {
  const size_t start = pos_;
  const int column = column_of(pos_);
  const size_t end = std::min(text_.find('\n', pos_), text_.size());
  note_length(start, std::min(end + 1, text_.size()), line_, column, 0);
  pos_ = end;
  const std::string_view said = base::trim(text_.substr(start + 1, end - start - 1));
  if (said.substr(0, kOwnName.size()) == kOwnName && comments.size() < kMostNotes)
    comments.push_back({{}, line_, column, std::string(said)});
}

void ConfigLexer::skip_line() { pos_ = std::min(text_.find('\n', pos_), text_.size()); }

// What people leave where they cut: `...`, `…`, `[...]`, `<snip>`, `... more servers ...`.
bool ConfigLexer::cut() {
  constexpr std::string_view kOpening = "[(<", kClosing = "])>", kFirst = ".\xE2[(<-=*";
  if (kFirst.find(text_[pos_]) == std::string_view::npos) return false;
  const std::string_view line = text_.substr(pos_, text_.find('\n', pos_) - pos_);
  const size_t open = kOpening.find(line[0]);
  if (open != std::string_view::npos || line[0] == '-' || line[0] == '=' || line[0] == '*') {
    constexpr size_t kLongest = 40;
    if (line.size() <= kLongest && base::contains(base::lower(line), "snip")) {
      skip_line();
      return true;
    }
  }
  size_t i = open == std::string_view::npos ? 0 : 1;
  const size_t from = i;
  while (i < line.size()) {
    if (line[i] == '.')
      ++i;
    else if (line.substr(i, kEllipsis.size()) == kEllipsis)
      i += kEllipsis.size();
    else
      break;
  }
  const bool dots = i - from >= 3;  // "..." and one "…" are three bytes both
  if (!dots) return false;
  if (from) {
    if (i >= line.size() || line[i] != kClosing[open]) return false;
    ++i;
  }
  if (i < line.size() && class_of(line[i]) != kBlank && line[i] != '}' && line[i] != ';')
    return false;
  if (i < line.size() && line[i] == ';') ++i;
  pos_ += i;
  const std::string_view rest = base::trim(line.substr(i));
  if (rest.find_first_of(";{}#") == std::string_view::npos) skip_line();
  return true;
}

void ConfigLexer::finish(Statement& statement, Statement::End end) {
  statement.end = end;
  statement.line = line_;
  statement.column = column_of(pos_);
  if (end != Statement::End::kFileDone && pos_ < text_.size()) ++pos_;
}

void ConfigLexer::add_word(Statement& statement, std::string_view raw, bool escapes, bool quoted,
                           int line, int column) {
  if (statement.words.size() >= kMostWords) return;
  statement.words.push_back({escapes ? unescaped(raw) : std::string(raw), quoted, line, column});
}

// False when the quotes never end and nothing more can be read.
bool ConfigLexer::quoted_word(Statement& statement) {
  const char quote = text_[pos_];
  const int line = line_, column = column_of(pos_);
  const size_t start = pos_ + 1, start_of_line = line_start_;
  bool escapes = false;
  size_t i = start;
  for (; i < text_.size() && text_[i] != quote; ++i) {
    if (text_[i] == '\n') {
      newline_at(i);
    } else if (text_[i] == '\\') {
      escapes = true;
      if (++i < text_.size() && text_[i] == '\n') newline_at(i);
    }
  }
  const bool closed = i < text_.size();
  i = std::min(i, text_.size());
  note_length(start, std::min(i + 1, text_.size()), line, column, quote);
  size_t end = i;
  if (!closed) {
    if (text_.size() - start <= kNginxBuffer) {
      problem("unexpected end of file, expecting \";\" or \"}\"", line_, column_of(i));
      problems.back().hint =
          std::string("the ") + quote + " of line " + std::to_string(line) + " is not closed";
    }
    end = std::min(text_.find('\n', start), text_.size());
    if (recovered_) {
      pos_ = text_.size();
    } else {
      recovered_ = true;
      line_ = line;
      line_start_ = start_of_line;
      pos_ = end;
    }
  } else {
    pos_ = i + 1;
  }
  add_word(statement, text_.substr(start, end - start), escapes, true, line, column);
  return closed;
}

void ConfigLexer::plain_word(Statement& statement) {
  const size_t start = pos_;
  const int line = line_, column = column_of(pos_);
  bool escapes = false, variable = false;
  size_t i = start;
  for (; i < text_.size(); ++i) {
    const unsigned char kind = class_of(text_[i]);
    if (kind == kOther) {
      variable = false;
      continue;
    }
    if (variable && text_[i] == '{') continue;
    variable = kind == kDollar;
    if (variable) continue;
    if (kind != kEscape) break;
    escapes = true;
    if (++i < text_.size() && text_[i] == '\n') newline_at(i);
  }
  i = std::min(i, text_.size());
  note_length(start, std::min(i + 1, text_.size()), line, column, 0);
  pos_ = i;
  add_word(statement, text_.substr(start, i - start), escapes, false, line, column);
}

// True when the statement ended there. After a closing quote nginx wants a blank, `;`, `{` or `)`.
bool ConfigLexer::after_quotes() {
  if (pos_ >= text_.size()) return false;
  const char c = text_[pos_];
  if (class_of(c) == kBlank || c == ';' || c == '{' || c == ')') return false;
  problem(std::string("unexpected \"") + c + "\"", line_, column_of(pos_));
  return c == '}';
}

void ConfigLexer::next(Statement& statement) {
  statement.words.clear();
  while (pos_ < text_.size()) {
    const char c = text_[pos_];
    switch (c) {
      case '\n':
        newline_at(pos_);
        ++pos_;
        continue;
      case ' ':
      case '\t':
      case '\r': ++pos_; continue;
      case '#': comment(); continue;
      case ';':
      case '{':
        if (statement.words.empty()) {
          problem(std::string("unexpected \"") + c + "\"", line_, column_of(pos_));
          if (c == ';') {
            ++pos_;
            continue;
          }
        }
        finish(statement, c == ';' ? Statement::End::kSemicolon : Statement::End::kBlockStart);
        return;
      case '}':
        if (statement.words.empty()) {
          finish(statement, Statement::End::kBlockDone);
          return;
        }
        problem("unexpected \"}\"", line_, column_of(pos_));
        statement.end = Statement::End::kSemicolon;  // the brace stays for the next call
        statement.line = line_;
        statement.column = column_of(pos_);
        return;
      case '"':
      case '\'':
        if (!quoted_word(statement)) continue;
        if (after_quotes()) {
          statement.end = Statement::End::kSemicolon;
          statement.line = line_;
          statement.column = column_of(pos_);
          return;
        }
        continue;
      default:
        if (skip_cuts_ && statement.words.empty() && cut()) continue;
        plain_word(statement);
    }
  }
  if (!statement.words.empty() && !recovered_)
    problem("unexpected end of file, expecting \";\" or \"}\"", line_, column_of(pos_));
  finish(statement, Statement::End::kFileDone);
}

// The position behind a Lua string that opens at `at`; `at` itself when its line ends before the
// string. `unmatched` remembers for either quote up to where such a search is known to fail.
size_t ConfigLexer::lua_string_end(size_t at, size_t unmatched[2]) const {
  const char quote = text_[at];
  size_t& known = unmatched[quote == '"'];
  if (at < known) return at;
  size_t i = at + 1;
  for (; i < text_.size() && text_[i] != '\n'; ++i) {
    if (text_[i] == '\\')
      ++i;
    else if (text_[i] == quote)
      return i + 1;
  }
  known = std::min(i, text_.size());
  return at;
}

std::string ConfigLexer::lua_body() {
  const size_t start = pos_;
  int depth = 1, brace_line = line_;
  size_t unmatched[2] = {0, 0};
  const auto advance_to = [&](size_t end) {
    for (; pos_ < end; ++pos_)
      if (text_[pos_] == '\n') newline_at(pos_);
  };
  while (pos_ < text_.size()) {
    const char c = text_[pos_];
    size_t at = pos_;
    if (c == '-' && text_.substr(pos_, 2) == "--") {
      at += 2;
      const bool block = at < text_.size() && text_[at] == '[' && long_bracket_level(text_, at);
      if (!block) {
        advance_to(std::min(text_.find('\n', at), text_.size()));
        continue;
      }
    }
    if (text_[at] == '[') {
      const auto level = long_bracket_level(text_, at);
      if (level) {
        const std::string closing = "]" + std::string(*level, '=') + "]";
        const size_t end = text_.find(closing, at + closing.size());
        if (end == std::string_view::npos) {
          problem("Lua code block missing the closing long bracket \"" + closing +
                      "\", the inlined Lua code may be too long",
                  line_, column_of(at));
          advance_to(text_.size());
          return std::string(text_.substr(start));
        }
        advance_to(end + closing.size());
        continue;
      }
    } else if (c == '"' || c == '\'') {
      const size_t end = lua_string_end(pos_, unmatched);
      if (end != pos_) {
        advance_to(end);
        continue;
      }
    } else if (c == '{') {
      ++depth;
      brace_line = line_;
    } else if (c == '}' && --depth == 0) {
      ++pos_;
      return std::string(text_.substr(start, pos_ - 1 - start));
    }
    advance_to(pos_ + 1);
  }
  problem("unexpected end of file, expecting terminating characters for lua code block", brace_line,
          1);
  return std::string(text_.substr(start));
}

}  // namespace ngxdiag::parse
