#include "libdiag/json/dump.h"

#include <array>
#include <charconv>

#include "libdiag/base/text.h"

namespace ngxdiag::json {
namespace {

void append_escape(std::string& out, unsigned code) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(code >> shift) & 15];
}

// The code point of a valid sequence of two or three bytes.
unsigned code_point(std::string_view sequence) {
  unsigned code = static_cast<unsigned char>(sequence[0]) & (sequence.size() == 2 ? 0x1f : 0x0f);
  for (const char c : sequence.substr(1))
    code = (code << 6) | (static_cast<unsigned char>(c) & 0x3f);
  return code;
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const size_t length = base::utf8_length(text);
    const std::string_view sequence = text.substr(0, length ? length : 1);
    const char c = sequence[0];
    text.remove_prefix(sequence.size());
    if (length == 0)
      out += "\xef\xbf\xbd";
    else if (length > 1 && base::unsafe_sequence(sequence))
      append_escape(out, code_point(sequence));
    else if (length > 1)
      out += sequence;
    else if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      append_escape(out, static_cast<unsigned char>(c));
    else
      out += c;
  }
  out += '"';
}

void append_number(std::string& out, double value) {
  std::array<char, 32> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  out.append(buffer.data(), result.ptr);
}

void append_node(std::string& out, const Node& node, int indent, int level) {
  switch (node.kind()) {
    case Node::Kind::kNull: out += "null"; return;
    case Node::Kind::kBoolean: out += node.as_boolean() ? "true" : "false"; return;
    case Node::Kind::kInteger: out += std::to_string(node.as_integer()); return;
    case Node::Kind::kNumber: return append_number(out, node.as_number());
    case Node::Kind::kString: return append_string(out, node.as_string());
    case Node::Kind::kArray:
    case Node::Kind::kObject: break;
  }
  const auto line_end = [&](int depth) {
    if (indent >= 0) (out += '\n').append(static_cast<size_t>(indent * depth), ' ');
  };
  out += node.is_array() ? '[' : '{';
  for (size_t i = 0; i < node.size(); ++i) {
    if (i > 0) out += ',';
    if (i > 0 && indent < 0) out += ' ';
    line_end(level + 1);
    if (node.is_object()) {
      append_string(out, node.keys()[i].name);
      out += ": ";
    }
    append_node(out, node.items()[i], indent, level + 1);
  }
  if (node.size() > 0) line_end(level);
  out += node.is_array() ? ']' : '}';
}

}  // namespace

std::string dump(const Node& node, int indent) {
  std::string out;
  append_node(out, node, indent, 0);
  return out;
}

std::string quote(std::string_view text) {
  std::string out;
  append_string(out, text);
  return out;
}

}  // namespace ngxdiag::json
