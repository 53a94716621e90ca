#include "libdiag/json/node.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace ngxdiag::json {

Node::Node(double value) : kind_(std::isfinite(value) ? Kind::kNumber : Kind::kNull) {
  if (kind_ == Kind::kNumber) number_ = value;
}

Node Node::array() {
  Node node;
  node.kind_ = Kind::kArray;
  return node;
}

Node Node::object() {
  Node node;
  node.kind_ = Kind::kObject;
  return node;
}

Node Node::strings(const std::vector<std::string>& items) {
  Node node = array();
  for (const std::string& item : items) node.push(item);
  return node;
}

Node& Node::push(Node value) {
  assert(is_array());
  items_.push_back(std::move(value));
  return items_.back();
}

Node& Node::set(std::string_view key, Node value) {
  assert(is_object());
  for (size_t i = 0; i < keys_.size(); ++i)
    if (keys_[i].name == key) return items_[i] = std::move(value);
  keys_.push_back({std::string(key), {}});
  items_.push_back(std::move(value));
  return items_.back();
}

bool Node::as_boolean() const {
  assert(is_boolean());
  return integer_ != 0;
}

int64_t Node::as_integer() const {
  assert(is_integer());
  return integer_;
}

double Node::as_number() const {
  assert(is_number());
  return is_integer() ? static_cast<double>(integer_) : number_;
}

const std::string& Node::as_string() const {
  assert(is_string());
  return text_;
}

std::vector<Member> Node::members() const {
  std::vector<Member> all;
  all.reserve(keys_.size());
  for (size_t i = 0; i < keys_.size(); ++i) all.push_back({keys_[i].name, items_[i]});
  return all;
}

const Node* Node::find(std::string_view key) const {
  for (size_t i = 0; i < keys_.size(); ++i)
    if (keys_[i].name == key) return &items_[i];
  return nullptr;
}

Position Node::key_position(std::string_view key) const {
  for (const Key& each : keys_)
    if (each.name == key) return each.position;
  return position_;
}

bool operator==(const Node& a, const Node& b) {
  if (a.is_integer() && b.is_integer()) return a.integer_ == b.integer_;
  if (a.is_number() && b.is_number()) return a.as_number() == b.as_number();
  if (a.kind_ != b.kind_ || a.size() != b.size()) return false;
  switch (a.kind_) {
    case Node::Kind::kBoolean: return a.integer_ == b.integer_;
    case Node::Kind::kString: return a.text_ == b.text_;
    case Node::Kind::kArray: return a.items_ == b.items_;
    case Node::Kind::kObject:
      return std::all_of(a.keys_.begin(), a.keys_.end(), [&](const Key& key) {
        const Node* other = b.find(key.name);
        return other && *a.find(key.name) == *other;
      });
    default: return true;
  }
}

std::string_view kind_name(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::kBoolean: return "true or false";
    case Node::Kind::kInteger: return "an integer";
    case Node::Kind::kNumber: return "a number";
    case Node::Kind::kString: return "a string";
    case Node::Kind::kArray: return "an array";
    case Node::Kind::kObject: return "an object";
    case Node::Kind::kNull: break;
  }
  return "null";
}

}  // namespace ngxdiag::json
