// A JSON value that knows where it stood in its file, so that a mistake in a rule is reported with
// line and column. This is the project's own type: nlohmann/json is used in this folder only, and
// only to read.
//   {"title": "Workers crash", "weight": 12}
// An absent member is a null pointer from find(); a value that was built, not read, has line 0.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::json {

// Line and column count from 1; columns count characters, not bytes.
struct Position {
  int line = 0;
  int column = 0;
};

struct Key {
  std::string name;
  Position position;
};

struct Member;

class Node {
 public:
  enum class Kind { kNull, kBoolean, kInteger, kNumber, kString, kArray, kObject };

  // Builders. Numbers without a JSON form (NaN, infinities) become null.
  Node() = default;
  Node(std::same_as<bool> auto value) : kind_(Kind::kBoolean), integer_(value ? 1 : 0) {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) Node(T value)
      : kind_(Kind::kInteger), integer_(static_cast<int64_t>(value)) {}
  Node(double value);
  Node(std::string value) : kind_(Kind::kString), text_(std::move(value)) {}
  Node(std::string_view value) : Node(std::string(value)) {}
  Node(const char* value) : Node(std::string(value)) {}
  static Node array();
  static Node object();
  static Node strings(const std::vector<std::string>& items);

  // Appends to an array; the added node. REQUIRES: is_array().
  Node& push(Node value);
  // Adds a member or replaces its value in place; the stored node. REQUIRES: is_object().
  Node& set(std::string_view key, Node value);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_boolean() const { return kind_ == Kind::kBoolean; }
  bool is_integer() const { return kind_ == Kind::kInteger; }
  bool is_number() const { return kind_ == Kind::kInteger || kind_ == Kind::kNumber; }
  bool is_string() const { return kind_ == Kind::kString; }
  bool is_array() const { return kind_ == Kind::kArray; }
  bool is_object() const { return kind_ == Kind::kObject; }

  // REQUIRES: the kind asked for; as_number() takes integers too.
  bool as_boolean() const;
  int64_t as_integer() const;
  double as_number() const;
  const std::string& as_string() const;

  // Items of an array or values of an object, in the file's order; empty for anything else.
  const std::vector<Node>& items() const { return items_; }
  size_t size() const { return items_.size(); }
  // The keys of an object, parallel to items().
  const std::vector<Key>& keys() const { return keys_; }
  // Key and value together: for (const auto& [key, value] : node.members()).
  std::vector<Member> members() const;
  // The value of `key`, or null when this is no object or has no such member.
  const Node* find(std::string_view key) const;
  // The position of `key`; the node's own position when there is no such member.
  Position key_position(std::string_view key) const;

  Position position() const { return position_; }
  int line() const { return position_.line; }
  int column() const { return position_.column; }

  // Equal in value; positions and the order of members do not count; 1 equals 1.0.
  friend bool operator==(const Node& a, const Node& b);

 private:
  friend class Reader;

  Kind kind_ = Kind::kNull;
  Position position_;
  int64_t integer_ = 0;
  double number_ = 0;
  std::string text_;
  std::vector<Node> items_;
  std::vector<Key> keys_;
};

// References into the object it came from.
struct Member {
  const std::string& key;
  const Node& value;
};

// "a string", "an object", … for messages.
std::string_view kind_name(Node::Kind kind);

}  // namespace ngxdiag::json
