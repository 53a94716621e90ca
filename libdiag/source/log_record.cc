#include "libdiag/source/log_record.h"

#include <algorithm>
#include <array>

#include "libdiag/base/text.h"
#include "libdiag/source/json_line.h"

namespace ngxdiag::source {
namespace {

// Where log drivers and shippers put the line, the surest first.
constexpr std::array<std::string_view, 5> kTextKeys{"MESSAGE", "log", "message", "textPayload",
                                                    "line"};
constexpr std::array<std::string_view, 4> kTimeKeys{"time", "@timestamp", "timestamp", "date"};
constexpr size_t kMaxName = 64;
constexpr int64_t kMicro = 1000000;

bool digit(char c) { return c >= '0' && c <= '9'; }

// Names end up before a colon in front of the line: nothing in them may end it.
std::string plain_name(std::string_view name) {
  std::string out(name.substr(0, kMaxName));
  for (char& c : out)
    if (static_cast<unsigned char>(c) <= ' ' || c == ':' || c == '[' || c == ']' || c == '"' ||
        c == 0x7f)
      c = '-';
  return out;
}

void strip_line_end(std::string& text) {
  if (!text.empty() && text.back() == '\n') text.pop_back();
  if (!text.empty() && text.back() == '\r') text.pop_back();
}

}  // namespace

std::optional<base::CivilTime> parse_utc(std::string_view text, std::string* fraction) {
  if (text.size() < 20 || text[4] != '-' || (text[10] != 'T' && text[10] != ' '))
    return std::nullopt;
  const auto local = base::parse_civil(text);
  if (!local) return std::nullopt;
  text.remove_prefix(19);
  if (!text.empty() && (text[0] == '.' || text[0] == ',')) {
    size_t end = 1;
    while (end < text.size() && end < 10 && digit(text[end])) ++end;
    if (fraction) *fraction = "." + std::string(text.substr(1, end - 1));
    while (end < text.size() && digit(text[end])) ++end;
    text.remove_prefix(end);
  }
  if (text == "Z") return local;
  if (text.size() < 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const auto hours = base::parse_int(text.substr(1, 2));
  const auto minutes = base::parse_int(text.substr(text.size() - 2));
  if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
  const int64_t offset = (*hours * 60 + *minutes) * 60;
  return text[0] == '+' ? *local - offset : *local + offset;
}

void set_journal_field(LogRecord& record, std::string_view name, std::string_view value) {
  if (name == "MESSAGE") {
    record.text = value;
  } else if (name == "__REALTIME_TIMESTAMP") {
    const auto micro = base::parse_int(value);
    if (!micro || *micro < 0) return;
    record.utc = *micro / kMicro;
    const std::string digits = std::to_string(*micro % kMicro + kMicro);
    record.fraction = "." + digits.substr(1);
  } else if (name == "_HOSTNAME") {
    record.host = plain_name(value);
  } else if (name == "SYSLOG_IDENTIFIER" || (name == "_COMM" && record.program.empty())) {
    record.program = plain_name(value);
  } else if (name == "_PID" || (name == "SYSLOG_PID" && record.pid == 0)) {
    record.pid = std::max<int64_t>(0, base::parse_int(value).value_or(0));
  } else if (name == "CONTAINER_NAME") {
    record.stream = plain_name(value);
  } else if (name == "CONTAINER_PARTIAL_MESSAGE") {
    record.partial = value == "true";
  } else if (name == "_LINE_BREAK" && value == "line-max") {
    record.partial = true;
  }
}

std::optional<LogRecord> json_record(std::string_view line) {
  const auto members = json_members(line);
  if (members.empty()) return std::nullopt;
  const auto find = [&](std::string_view key) -> std::optional<std::string> {
    for (const auto& [name, value] : members)
      if (name == key) return json_bytes(value);
    return std::nullopt;
  };
  LogRecord out;
  std::string_view text_key;
  for (const std::string_view key : kTextKeys) {
    auto text = find(key);
    if (!text) continue;
    out.text = *std::move(text);
    text_key = key;
    break;
  }
  if (text_key.empty()) return std::nullopt;
  if (text_key == "MESSAGE") {
    for (const auto& [name, value] : members)
      if (name != "MESSAGE")
        if (const auto field = json_bytes(value)) set_journal_field(out, name, *field);
    if (find("CONTAINER_PARTIAL_LAST") == "true") out.partial = false;
    strip_line_end(out.text);
    return out;
  }
  const auto stream = find("stream");
  if (stream == "stdout" || stream == "stderr") out.stream = *stream;
  // Only docker's own form says by its line end whether the line is whole.
  out.partial = text_key == "log" && stream && !out.text.ends_with('\n');
  strip_line_end(out.text);
  for (const std::string_view key : kTimeKeys)
    if (const auto time = find(key)) {
      out.utc = parse_utc(*time, &out.fraction);
      if (out.utc) break;
    }
  return out;
}

std::optional<LogRecord> cri_record(std::string_view line) {
  if (line.size() < 30 || line[4] != '-' || line[10] != 'T') return std::nullopt;
  const size_t stamp = line.find(' ');
  if (stamp == std::string_view::npos || stamp > 40) return std::nullopt;
  std::string_view rest = line.substr(stamp + 1);
  const std::string_view stream = rest.substr(0, 6);
  if ((stream != "stdout" && stream != "stderr") || rest.size() < 8 || rest[6] != ' ')
    return std::nullopt;
  // Tags are separated by colons; only P and F are defined.
  if (rest[7] != 'P' && rest[7] != 'F') return std::nullopt;
  LogRecord out;
  out.partial = rest[7] == 'P';
  out.stream = stream;
  const size_t text = rest.find(' ', 7);
  if (text != std::string_view::npos) out.text = rest.substr(text + 1);
  strip_line_end(out.text);
  out.utc = parse_utc(line.substr(0, stamp), &out.fraction);
  if (!out.utc) return std::nullopt;
  return out;
}

}  // namespace ngxdiag::source
