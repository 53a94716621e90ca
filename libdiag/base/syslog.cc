#include "libdiag/base/syslog.h"

#include "libdiag/base/text.h"

namespace ngxdiag::base {
namespace {

constexpr int64_t kMostPriority = 191;
constexpr std::string_view kMark = "\xef\xbb\xbf";  // that the message is UTF-8

// The next word and the blank after it; "-" as "".
std::string_view take_field(std::string_view& rest) {
  const size_t end = rest.find(' ');
  const std::string_view field = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return field == "-" ? std::string_view() : field;
}

// "[ex@32473 iut=\"3\" q=\"\\]\"][more]" or "-"; false when it has no end.
bool skip_structured_data(std::string_view& rest) {
  if (!rest.empty() && rest[0] == '-') {
    rest.remove_prefix(1);
    return true;
  }
  if (rest.empty() || rest[0] != '[') return false;
  bool quoted = false;
  for (size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    if (quoted && c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ']' && (i + 1 == rest.size() || rest[i + 1] != '[')) {
      rest.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<SyslogLine> parse_rfc5424(std::string_view line) {
  if (line.size() < 8 || line[0] != '<') return std::nullopt;
  const size_t end = line.substr(0, 7).find(">1 ");
  if (end == std::string_view::npos) return std::nullopt;
  const auto priority = parse_int(line.substr(1, end - 1));
  if (!priority || *priority < 0 || *priority > kMostPriority) return std::nullopt;
  std::string_view rest = line.substr(end + 3);
  SyslogLine out;
  out.time = take_field(rest);
  out.host = take_field(rest);
  out.program = take_field(rest);
  const auto pid = parse_int(take_field(rest));
  out.pid = pid && *pid > 0 ? *pid : 0;
  take_field(rest);  // the message's type
  if (!skip_structured_data(rest)) return std::nullopt;
  if (!rest.empty() && rest[0] == ' ') rest.remove_prefix(1);
  if (rest.substr(0, kMark.size()) == kMark) rest.remove_prefix(kMark.size());
  out.message = rest;
  return out;
}

}  // namespace ngxdiag::base
