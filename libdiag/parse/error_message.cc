#include "libdiag/parse/error_message.h"

#include <array>
#include <cstdint>

#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

constexpr std::string_view kClient = "client: ";
constexpr std::string_view kWhile = " while ";
// Actions are short phrases of letters (src: every `log->action = "…"`); the longest carries an
// address.
constexpr size_t kMaxAction = 120;

struct Field {
  std::string_view name;  // as printed
  int order;              // fields come in this order, each at most once
  std::string_view MessageParts::*target;
};

constexpr std::array<Field, 21> kFields{{
    {"client: ", 0, &MessageParts::client},
    {"context: ", 1, nullptr},
    {"responder: ", 2, nullptr},
    {"resolver: ", 2, nullptr},
    {"peer: ", 3, nullptr},
    {"certificate: ", 4, nullptr},
    {"server: ", 5, &MessageParts::server},
    {"request_line: ", 6, &MessageParts::request},
    {"request: ", 6, &MessageParts::request},
    {"login: ", 6, nullptr},
    {"protocol: ", 6, nullptr},
    {"subrequest: ", 7, nullptr},
    {"upstream: ", 8, &MessageParts::upstream},
    {"bytes from/to client:", 9, nullptr},
    {"bytes_from_client: ", 9, nullptr},
    {"bytes_to_client: ", 10, nullptr},
    {"bytes from/to upstream:", 10, nullptr},
    {"bytes_from_upstream: ", 11, nullptr},
    {"bytes_to_upstream: ", 12, nullptr},
    {"host: ", 13, &MessageParts::host},
    {"referrer: ", 14, nullptr},
}};

const Field* field_at(std::string_view text) {
  if (text.empty()) return nullptr;
  for (const Field& field : kFields)
    if (field.name[0] == text[0] && text.starts_with(field.name)) return &field;
  return nullptr;
}

// The last name may be cut off by the end of the line ("…, upst").
bool is_cut_name(std::string_view text) {
  if (text.size() > 24) return false;
  for (const Field& field : kFields)
    if (field.name.starts_with(text)) return true;
  return false;
}

// Takes one value off `rest`: quoted up to a quote that a later field or the end follows, else up
// to ", ". What is cut off at the end of the line counts to its end.
std::string_view take_value(std::string_view& rest, int order) {
  const auto field_follows = [&](size_t at) {
    if (at == rest.size()) return true;
    if (rest.substr(at, 2) != ", ") return false;
    const std::string_view name = rest.substr(at + 2);
    const Field* next = field_at(name);
    return next != nullptr ? next->order > order : is_cut_name(name);
  };
  std::string_view value;
  if (eat(rest, "\"")) {
    size_t end = rest.find('"');
    while (end != std::string_view::npos && !field_follows(end + 1)) end = rest.find('"', end + 1);
    if (end == std::string_view::npos) {
      value = rest;
      rest = {};
    } else {
      value = rest.substr(0, end);
      rest.remove_prefix(end + 1);
    }
    return value;
  }
  const size_t end = find_first(rest, ", ");
  value = rest.substr(0, end);
  rest.remove_prefix(value.size());
  return value;
}

// Reads the fields from `rest` ("client: …, server: …"). False when something else stands among
// them.
bool read_fields(std::string_view rest, MessageParts& parts) {
  int order = -1;
  while (!rest.empty()) {
    // Angie 1.12 and stream: "udp client: ", "tcp client: ".
    if (order < 0 && (rest.starts_with("udp client") || rest.starts_with("tcp client")))
      rest.remove_prefix(4);
    const Field* field = field_at(rest);
    if (field == nullptr) return order >= 0 && is_cut_name(rest);
    if (field->order <= order) return false;
    order = field->order;
    rest.remove_prefix(field->name.size());
    const std::string_view value = take_value(rest, order);
    if (field->target != nullptr) parts.*field->target = value;
    if (order == 0 && value.find('"') != std::string_view::npos) return false;
    if (order == 0 && parts.client.ends_with(" using starttls")) parts.client.remove_suffix(15);
    if (!rest.empty() && !eat(rest, ", ")) return false;
  }
  return true;
}

bool even_quotes(std::string_view text) {
  bool even = true;
  for (size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at + 1))
    even = !even;
  return even;
}

// Cuts ", client: …" and what follows off `text`.
void cut_fields(std::string_view& text, MessageParts& parts) {
  MessageParts fallback = parts;
  size_t fallback_at = std::string_view::npos;
  size_t at = text.size();
  // Forged candidates are few; a line full of them gets the nearest to the end.
  for (int tries = 0; tries < 16; ++tries) {
    at = at == 0 ? std::string_view::npos
                 : find_last(text.substr(0, at - 1 + kClient.size()), kClient);
    if (at == std::string_view::npos) break;
    size_t start = at;
    if (start >= 4 && (text.substr(start - 4, 4) == "udp " || text.substr(start - 4, 4) == "tcp "))
      start -= 4;
    if (start < 2 || text.substr(start - 2, 2) != ", ") continue;
    MessageParts read = parts;
    if (!read_fields(text.substr(start), read)) continue;
    if (even_quotes(text.substr(0, start))) {
      parts = read;
      text = text.substr(0, start - 2);
      return;
    }
    // A raw quote in the URI makes every count odd: keep what reads best.
    if (fallback_at == std::string_view::npos) {
      fallback = read;
      fallback_at = start - 2;
    }
  }
  if (fallback_at == std::string_view::npos) return;
  parts = fallback;
  text = text.substr(0, fallback_at);
}

// Cuts " while ACTION" off the end, and what stands after an action without a client
// (" while resolving, resolver: …", " while logging to syslog, server: …").
void cut_phase(std::string_view& text, MessageParts& parts) {
  const size_t at = find_last(text, kWhile);
  if (at == std::string_view::npos) return;
  std::string_view action = text.substr(at + kWhile.size());
  if (const size_t comma = find_first(action, ", "); comma != std::string_view::npos) {
    if (!parts.client.empty()) return;
    const std::string_view fields = action.substr(comma + 2);
    MessageParts read = parts;
    // "reading response header from upstream, client.....": pasted and cut.
    if (!read_fields(fields, read) && !(fields.starts_with("client.") && fields.size() < 20))
      return;
    parts = read;
    action = action.substr(0, comma);
  }
  if (action.empty() || action.size() > kMaxAction ||
      action.find_first_of("\"'`") != std::string_view::npos)
    return;
  parts.phase = action;
  text = text.substr(0, at);
}

// True when the "(" before `rest` is closed by the last byte of `rest`, or not at all (cut at 2048
// bytes).
bool closes_at_end(std::string_view rest) {
  int depth = 1;
  for (size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '(') ++depth;
    if (rest[i] == ')' && --depth == 0) return i + 1 == rest.size();
  }
  return true;
}

// " (24: Too many open files)" at the end of `text`. Windows texts hold parentheses themselves:
// "(10048: Only one usage of each socket address (protocol/network address/port) is normally
// permitted)".
void cut_error(std::string_view& text, MessageParts& parts) {
  size_t open = text.size();
  for (int tries = 0; tries < 3; ++tries) {
    open = open == 0 ? std::string_view::npos : find_last(text.substr(0, open + 1), " (");
    if (open == std::string_view::npos) return;
    std::string_view rest = text.substr(open + 2);
    int64_t number = 0;
    const bool decimal = eat_number(rest, number);
    // ngx_log_errno prints Windows errors from 0x80000000 on in hexadecimal: eight digits.
    if (!decimal || !rest.starts_with(": ") || number >= 80000000) {
      rest = text.substr(open + 2);
      uint64_t hex = 0;
      if (!eat_hex(rest, hex) || hex < 0x80000000u || !rest.starts_with(": ")) continue;
      number = -1;
    }
    if (!closes_at_end(rest)) return;
    if (number >= 0 && number <= INT32_MAX) parts.error = static_cast<int>(number);
    text = text.substr(0, open);
    return;
  }
}

// " in /etc/nginx/nginx.conf:13" of ngx_conf_log_error.
void cut_file(std::string_view& text, MessageParts& parts) {
  if (text.empty()) return;
  if (text.ends_with(" in command line")) {
    parts.file = "command line";
    text.remove_suffix(16);
    return;
  }
  const size_t in = find_last(text, " in ");
  if (in == std::string_view::npos) return;
  std::string_view file = text.substr(in + 4);
  if (file.empty() || file.find_first_of("\" ") != std::string_view::npos) return;
  // The number may be cut off; then only a path counts.
  const size_t colon = file.rfind(':');
  std::string_view digits =
      colon == std::string_view::npos ? std::string_view() : file.substr(colon + 1);
  int64_t line = 0;
  if (eat_number(digits, line) && digits.empty() && line <= INT32_MAX) {
    file = file.substr(0, colon);
  } else if (file[0] == '/' && colon == std::string_view::npos) {
    line = 0;
  } else {
    return;
  }
  if (file.empty()) return;
  parts.file = file;
  parts.line = static_cast<int>(line);
  text = text.substr(0, in);
}

}  // namespace

MessageParts split_message(std::string_view message) {
  MessageParts parts;
  std::string_view text = message;
  while (!text.empty() && (is_blank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
  cut_fields(text, parts);
  parts.before_fields = text.size();
  cut_phase(text, parts);
  parts.before_phase = text.size();
  cut_file(text, parts);
  cut_error(text, parts);
  parts.text = text;
  return parts;
}

size_t before_context(std::string_view message, bool& sure) {
  MessageParts ignored;
  std::string_view text = message;
  while (!text.empty() && (is_blank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
  const size_t whole = text.size();
  cut_fields(text, ignored);
  sure = text.size() < whole && even_quotes(text);
  return text.size();
}

size_t before_phase(std::string_view text, bool has_context) {
  MessageParts ignored;
  if (has_context) ignored.client = text;  // a client is known: fields cannot follow the action
  cut_phase(text, ignored);
  return text.size();
}

size_t before_error(std::string_view text) {
  MessageParts ignored;
  cut_error(text, ignored);
  return text.size();
}

size_t before_file(std::string_view text) {
  MessageParts ignored;
  cut_file(text, ignored);
  return text.size();
}

}  // namespace ngxdiag::parse
