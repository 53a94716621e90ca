#include "libdiag/parse/abort_line.h"

#include <array>
#include <cstdint>
#include <utility>

#include "libdiag/parse/log_frame.h"
#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

// Splits "…/memstore.c:705" at its last colon.
bool split_file_line(std::string_view text, std::string_view& file, int& line) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  std::string_view digits = text.substr(colon + 1);
  int64_t number = 0;
  if (!eat_number(digits, number) || !digits.empty() || number > INT32_MAX) return false;
  file = text.substr(0, colon);
  line = static_cast<int>(number);
  return true;
}

// "TITLE: FILE:LINE: FUNCTION: Assertion `EXPRESSION' failed." The title may hold anything, so it
// is read from the right.
std::optional<AssertionLine> glibc_form(std::string_view line, size_t at) {
  AssertionLine out;
  std::string_view expression = line.substr(at);
  if (!eat(expression, "Assertion ")) return std::nullopt;
  if (!eat(expression, "`") && !eat(expression, "'") && !eat(expression, "\"")) return std::nullopt;
  const size_t end = expression.rfind(" failed");
  if (end == std::string_view::npos || end < 1) return std::nullopt;
  out.expression = expression.substr(0, end - 1);

  std::string_view head = line.substr(0, at);
  if (!head.ends_with(": ")) return std::nullopt;
  head.remove_suffix(2);
  // `head` is now "TITLE: FILE:LINE: FUNCTION" or "TITLE: FILE:LINE"; a C++ function holds ": "
  // nowhere but may hold "::".
  std::string_view place = head;
  if (!split_file_line(place, out.file, out.line)) {
    const size_t colon = head.rfind(": ");
    if (colon == std::string_view::npos) return std::nullopt;
    out.function = head.substr(colon + 2);
    place = head.substr(0, colon);
    if (!split_file_line(place, out.file, out.line)) return std::nullopt;
  }
  if (const size_t colon = out.file.rfind(": "); colon != std::string_view::npos) {
    out.title = out.file.substr(0, colon);
    out.file.remove_prefix(colon + 2);
  }
  return out;
}

// musl: "Assertion failed: EXPRESSION (FILE: FUNCTION: LINE)";
// BSD and macOS: "Assertion failed: (EXPRESSION), function FUNCTION, file FILE, line LINE."
std::optional<AssertionLine> other_form(std::string_view text) {
  AssertionLine out;
  if (!eat(text, "Assertion failed: ")) return std::nullopt;
  while (text.ends_with('.')) text.remove_suffix(1);
  int64_t line = 0;
  if (const size_t function = text.find("), function ");
      text.starts_with('(') && function != std::string_view::npos) {
    const size_t file = text.find(", file ", function);
    const size_t line_at = text.rfind(", line ");
    if (file == std::string_view::npos || line_at == std::string_view::npos || line_at < file)
      return std::nullopt;
    out.expression = text.substr(1, function - 1);
    out.function = text.substr(function + 12, file - function - 12);
    out.file = text.substr(file + 7, line_at - file - 7);
    std::string_view digits = text.substr(line_at + 7);
    if (!eat_number(digits, line) || line > INT32_MAX) return std::nullopt;
    out.line = static_cast<int>(line);
    return out;
  }
  const size_t open = text.rfind(" (");
  if (open == std::string_view::npos || !text.ends_with(')')) return std::nullopt;
  out.expression = text.substr(0, open);
  const std::string_view place = text.substr(open + 2, text.size() - open - 3);
  const size_t first = place.find(": ");
  const size_t last = place.rfind(": ");
  if (first == std::string_view::npos || first == last) return std::nullopt;
  out.file = place.substr(0, first);
  out.function = place.substr(first + 2, last - first - 2);
  std::string_view digits = place.substr(last + 2);
  if (!eat_number(digits, line) || !digits.empty() || line > INT32_MAX) return std::nullopt;
  out.line = static_cast<int>(line);
  return out;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> kAborts{{
    {"free(): ", "heap"},
    {"malloc(): ", "heap"},
    {"malloc.c:", "heap"},
    {"calloc(): ", "heap"},
    {"realloc(): ", "heap"},
    {"munmap_chunk(): ", "heap"},
    {"malloc_consolidate(): ", "heap"},
    {"mremap_chunk(): ", "heap"},
    {"corrupted size vs. prev_size", "heap"},
    {"corrupted double-linked list", "heap"},
    {"double free or corruption", "heap"},
    {"*** Error in ", "heap"},
    {"*** glibc detected ***", "heap"},
    {"*** stack smashing detected ***", "stack-smashing"},
    {"*** buffer overflow detected ***", "fortify"},
    {"*** bit out of range 0 - FD_SETSIZE on fd_set ***", "fortify"},
    {"*** longjmp causes uninitialized stack frame ***", "fortify"},
    {"*** %n in writable segment", "fortify"},
    {"*** invalid %N$ use detected ***", "fortify"},
    {"terminate called ", "terminate"},
    {"nginx: lua atpanic: ", "lua-atpanic"},
    {"PANIC: unprotected error in call to Lua API", "lua-atpanic"},
}};

}  // namespace

std::optional<AssertionLine> parse_assertion(std::string_view line) {
  const size_t at = line.rfind("Assertion ");
  if (at == std::string_view::npos) return std::nullopt;
  line = strip_frame(line);
  while (!line.empty() && (is_blank(line.back()) || line.back() == '\r')) line.remove_suffix(1);
  if (line.starts_with("Assertion failed: ")) return other_form(line);
  const size_t start = line.rfind(": Assertion ");
  return start == std::string_view::npos ? std::nullopt : glibc_form(line, start + 2);
}

std::string_view abort_text_kind(std::string_view line) {
  line = strip_frame(line);
  for (const auto& [text, kind] : kAborts)
    if (line.starts_with(text)) return kind;
  return {};
}

}  // namespace ngxdiag::parse
