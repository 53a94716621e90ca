#include "libdiag/render/page.h"

#include "libdiag/base/text.h"

namespace ngxdiag::render {
namespace {

std::string_view code(Style style) {
  switch (style) {
    case Style::kPlain: return "";
    case Style::kBold: return "\x1b[1m";
    case Style::kRed: return "\x1b[1;31m";
    case Style::kYellow: return "\x1b[1;33m";
    case Style::kGreen: return "\x1b[1;32m";
    case Style::kCyan: return "\x1b[36m";
    case Style::kDim: return "\x1b[2m";
  }
  return "";
}

}  // namespace

size_t columns(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

std::string Page::styled(std::string_view text, Style style) const {
  if (!color_ || style == Style::kPlain || text.empty()) return std::string(text);
  return std::string(code(style)) + std::string(text) + "\x1b[0m";
}

void Page::paragraph(size_t first, size_t rest, const std::vector<Span>& spans) {
  std::string line(first, ' ');
  size_t used = first;
  bool empty = true, any = false;
  std::string run;  // words of one style that stand side by side
  Style run_style = Style::kPlain;
  const auto flush = [&] {
    line += styled(run, run_style);
    run.clear();
  };
  const auto put = [&](std::string_view word, Style style) {
    const size_t length = columns(word);
    if (!empty && used + 1 + length > width_) {
      flush();
      out_ += line + '\n';
      line.assign(rest, ' ');
      used = rest;
      empty = true;
    }
    if (style != run_style) {
      flush();
      if (!empty) line += ' ';
      run_style = style;
    } else if (!empty) {
      run += ' ';
    }
    used += length + (empty ? 0 : 1);
    run += word;
    empty = false;
    any = true;
  };
  for (const Span& span : spans) {
    const std::string safe = base::printable(span.text, !span.keep);
    if (span.keep) {
      put(safe, span.style);
    } else {
      const std::string flat = base::replace_all(safe, "\n", " ");
      for (const std::string_view word : base::words(flat)) put(word, span.style);
    }
  }
  flush();
  if (any) out_ += line + '\n';
}

void Page::verbatim(size_t indent, std::string_view text, Style style) {
  const std::string safe = base::printable(text, true);
  std::string_view rest = safe;
  while (!rest.empty())
    out_ += std::string(indent, ' ') + styled(base::take_line(rest), style) + '\n';
}

void Page::clipped(size_t indent, std::string_view text, Style style) {
  std::string safe = base::printable(text);
  const size_t room = width_ > indent + 1 ? width_ - indent : 1;
  if (columns(safe) > room) {
    size_t at = 0, count = 0;
    while (at < safe.size()) {
      if ((static_cast<unsigned char>(safe[at]) & 0xc0) != 0x80 && count++ == room - 1) break;
      ++at;
    }
    safe = safe.substr(0, at) + "…";
  }
  out_ += std::string(indent, ' ') + styled(safe, style) + '\n';
}

void Page::blank() { out_ += '\n'; }

}  // namespace ngxdiag::render
