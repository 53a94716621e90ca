#include "libdiag/json/parse.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

#include "libdiag/base/text.h"

namespace ngxdiag::json {
namespace {

// An input iterator that tells how far the lexer has read: nlohmann/json 3.11 gives values no
// position.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, size_t* consumed) : at_(at), consumed_(consumed) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*consumed_;
    return *this;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  size_t* consumed_;
};

constexpr std::string_view kBetween = " \t\r\n,:";
constexpr std::string_view kNumberBytes = "0123456789+-.eE";
constexpr size_t kExcerptWidth = 70;

size_t count_characters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

// nlohmann's "[json.exception…] parse error at line 1, column 2: syntax error while parsing value -
// unexpected ']'; expected '[' or '{'" in two parts: what is wrong and what was expected.
std::pair<std::string, std::string> split_message(std::string_view message) {
  if (const size_t dash = message.find(" - "); dash != std::string_view::npos)
    message.remove_prefix(dash + 3);
  else if (const size_t bracket = message.find("] "); bracket != std::string_view::npos)
    message.remove_prefix(bracket + 2);
  const size_t expected = message.rfind("; expected ");
  if (expected == std::string_view::npos) return {std::string(message), ""};
  return {std::string(message.substr(0, expected)), std::string(message.substr(expected + 2))};
}

}  // namespace

// Receives nlohmann's events in the file's order and builds the tree. `cursor_` stands behind the
// last value or key, so that the next one begins at the first byte that is not white space or
// punctuation.
class Reader {
 public:
  Reader(std::string_view text, std::string_view where, std::string_view last = {})
      : text_(text), where_(where), last_(last) {
    if (text_.substr(0, 3) == "\xef\xbb\xbf") cursor_ = counted_ = 3;
  }

  Node read() {
    const CountingIterator begin(text_.data(), &consumed_);
    const CountingIterator end(text_.data() + text_.size(), &consumed_);
    nlohmann::json::sax_parse(begin, end, this);
    return std::move(root_);
  }

  bool null() { return add(Node()); }
  bool boolean(bool value) { return add(Node(value)); }
  bool number_integer(int64_t value) { return add(Node(value)); }
  bool number_unsigned(uint64_t value) {
    return value > INT64_MAX ? add(Node(static_cast<double>(value))) : add(Node(value));
  }
  bool number_float(double value, const std::string&) { return add(Node(value)); }
  bool string(std::string& value) { return add(Node(std::move(value))); }
  bool binary(nlohmann::json::binary_t&) { return false; }
  bool start_object(size_t) { return open(Node::object()); }
  bool start_array(size_t) { return open(Node::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    if (!last_.empty() && open_.size() == 1 && name == last_) return false;
    const Position at = next_position();
    if (is_known(name))
      throw error_at(text_, where_, at, "the key \"" + base::printable(name) + "\" is there twice",
                     "", "keep one of the two");
    open_.back()->keys_.push_back({name, at});
    cursor_ = consumed_;
    return true;
  }

  // `read` counts the bytes up to the offending token's end.
  bool parse_error(size_t read, const std::string& token, const nlohmann::json::exception& error) {
    auto [what, expected] = split_message(error.what());
    size_t offset = std::min(read, text_.size());
    if (what.starts_with("unexpected end of input"))
      offset = text_.find_last_not_of(" \t\r\n") + 1;
    else if (what.starts_with("unexpected '"))  // punctuation: `token` then holds more than it
      offset -= std::min(offset, size_t{1});
    else if (what.starts_with("unexpected"))
      offset -= std::min(offset, token.size());
    else if (offset > 0)
      --offset;
    line_ = 1;
    counted_ = column_ = 0;
    throw error_at(text_, where_, position_of(offset), "not valid JSON: " + base::printable(what),
                   base::printable(expected));
  }

 private:
  // Every offset asked for lies behind the one before, so lines and columns are counted once.
  Position position_of(size_t offset) {
    std::string_view passed = text_.substr(counted_, offset - counted_);
    counted_ = offset;
    for (size_t next; (next = passed.find('\n')) != std::string_view::npos;) {
      passed.remove_prefix(next + 1);
      ++line_;
      column_ = 0;
    }
    column_ += count_characters(passed);
    return {line_, static_cast<int>(column_) + 1};
  }

  Position next_position() {
    cursor_ = std::min(text_.find_first_not_of(kBetween, cursor_), text_.size());
    return position_of(cursor_);
  }

  Node* place(Node node) {
    node.position_ = next_position();
    if (open_.empty()) {
      root_ = std::move(node);
      return &root_;
    }
    open_.back()->items_.push_back(std::move(node));
    return &open_.back()->items_.back();
  }

  bool add(Node node) {
    const Node* placed = place(std::move(node));
    // The lexer reads one byte beyond a number to see that it has ended.
    cursor_ = placed->is_number()
                  ? std::min(text_.find_first_not_of(kNumberBytes, cursor_), text_.size())
                  : consumed_;
    return true;
  }

  // A pointer in open_ stays good: only the innermost container grows.
  bool open(Node node) {
    Node* placed = place(std::move(node));
    if (open_.size() == kMaxDepth)
      throw error_at(text_, where_, placed->position(),
                     "nested deeper than " + std::to_string(kMaxDepth) + " levels");
    open_.push_back(placed);
    names_.emplace_back();
    ++cursor_;
    return true;
  }

  bool close() {
    open_.pop_back();
    names_.pop_back();
    cursor_ = consumed_;
    return true;
  }

  // Few keys are compared one by one; a hostile object of many gets a set.
  bool is_known(const std::string& name) {
    constexpr size_t kFew = 24;
    const std::vector<Key>& keys = open_.back()->keys_;
    if (keys.size() < kFew)
      return std::any_of(keys.begin(), keys.end(),
                         [&](const Key& key) { return key.name == name; });
    std::unordered_set<std::string>& known = names_.back();
    if (known.empty())
      for (const Key& key : keys) known.insert(key.name);
    return !known.insert(name).second;
  }

  std::string_view text_, where_, last_;
  size_t consumed_ = 0, cursor_ = 0;
  size_t counted_ = 0, column_ = 0;
  int line_ = 1;
  Node root_;
  std::vector<Node*> open_;
  std::vector<std::unordered_set<std::string>> names_;
};

Node parse(std::string_view text, std::string_view where) { return Reader(text, where).read(); }

Node parse_until(std::string_view text, std::string_view where, std::string_view last) {
  return Reader(text, where, last).read();
}

base::UserError error_at(std::string_view text, std::string_view where, Position at,
                         std::string what, std::string reason, std::string help) {
  std::string place(where);
  if (at.line <= 0) return base::UserError(what, place, "", reason, help);
  place += ":" + std::to_string(at.line) + ":" + std::to_string(at.column);

  std::string_view line, rest = text;
  for (int i = 0; i < at.line; ++i) line = base::take_line(rest);
  // Bytes of the line before the column.
  size_t before = 0;
  for (int seen = 0; before < line.size(); ++before) {
    if ((static_cast<unsigned char>(line[before]) & 0xc0) != 0x80) ++seen;
    if (seen == at.column) break;
  }
  const size_t indent = std::min(std::min(line.find_first_not_of(" \t"), line.size()), before);
  line.remove_prefix(indent);
  before -= indent;
  std::string head = base::printable(line.substr(0, before));
  if (count_characters(head) > kExcerptWidth / 2) {
    size_t cut = head.size() - kExcerptWidth / 2;
    while (cut < head.size() && (static_cast<unsigned char>(head[cut]) & 0xc0) == 0x80) ++cut;
    head = "…" + head.substr(cut);
  }
  std::replace(head.begin(), head.end(), '\t', ' ');
  std::string excerpt =
      head + base::shorten(base::printable(line.substr(before)), kExcerptWidth / 2);
  excerpt += "\n  " + std::string(count_characters(head), ' ') + "^";
  return base::UserError(std::move(what), std::move(place), std::move(excerpt), std::move(reason),
                         std::move(help));
}

}  // namespace ngxdiag::json
