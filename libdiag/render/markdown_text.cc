#include "libdiag/render/markdown_text.h"

#include <algorithm>

#include "libdiag/base/text.h"

namespace ngxdiag::render {
namespace {

// Longest run of backticks, so that a longer fence can hold the text.
size_t longest_run(std::string_view text) {
  size_t best = 0, run = 0;
  for (const char c : text) best = std::max(best, run = c == '`' ? run + 1 : 0);
  return best;
}

}  // namespace

std::string markdown_text(std::string_view text) {
  const std::string safe = base::replace_all(base::printable(text, true), "\n", " ");
  std::string out;
  for (const char c : safe) {
    if (c == '<')
      out += "&lt;";
    else if (c == '&')
      out += "&amp;";
    else {
      if (std::string_view("\\`*_[]#|~!>").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  const std::string safe = base::printable(text);
  const std::string fence(longest_run(safe) + 1, '`');
  const bool pad = !safe.empty() && (safe.front() == '`' || safe.back() == '`');
  return fence + (pad ? " " : "") + safe + (pad ? " " : "") + fence;
}

std::string markdown_block(const std::vector<std::string>& commands, const std::string& indent) {
  std::string body;
  for (const std::string& command : commands) body += base::printable(command, true) + "\n";
  const std::string fence(std::max<size_t>(longest_run(body) + 1, 3), '`');
  std::string out = indent + fence + "sh\n";
  std::string_view rest = body;
  while (!rest.empty()) out += indent + std::string(base::take_line(rest)) + "\n";
  return out + indent + fence + "\n";
}

}  // namespace ngxdiag::render
