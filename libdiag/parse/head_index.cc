#include "libdiag/parse/head_index.h"

#include <algorithm>
#include <limits>
#include <map>

namespace ngxdiag::parse {
namespace {

constexpr size_t kSmallLeaf = 2;  // so few are compared as fast as they are told apart
constexpr size_t kDeepest = std::numeric_limits<uint16_t>::max();

uint8_t byte_of(char c) { return static_cast<uint8_t>(c); }

}  // namespace

void HeadIndex::build() {
  std::vector<uint32_t> all(heads_.size());
  for (uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  nodes_.clear();
  next_.clear();
  values_.clear();
  root_ = make(std::move(all), 0);
}

uint32_t HeadIndex::make(std::vector<uint32_t> heads, size_t from) {
  const auto index = static_cast<uint32_t>(nodes_.size());
  nodes_.emplace_back();
  // The first place where literals that reach it differ. Those that end before it fit whatever
  // stands there.
  size_t at = from, longest = 0;
  std::map<uint8_t, std::vector<uint32_t>> groups;
  for (const uint32_t i : heads) longest = std::max(longest, heads_[i].first.size());
  for (; heads.size() > kSmallLeaf && at < std::min(longest, kDeepest); ++at) {
    for (const uint32_t i : heads)
      if (heads_[i].first.size() > at) groups[byte_of(heads_[i].first[at])].push_back(i);
    if (groups.size() > 1) break;
    groups.clear();
  }
  if (groups.size() < 2) {
    nodes_[index].first = static_cast<uint32_t>(values_.size());
    nodes_[index].count = static_cast<uint16_t>(heads.size());
    for (const uint32_t i : heads) values_.push_back(heads_[i].second);
    return index;
  }
  std::vector<uint32_t> ended;
  for (const uint32_t i : heads)
    if (heads_[i].first.size() <= at) ended.push_back(i);
  const uint32_t otherwise = make(ended, longest);
  const uint8_t low = groups.begin()->first, high = groups.rbegin()->first;
  const auto first = static_cast<uint32_t>(next_.size());
  next_.resize(next_.size() + static_cast<size_t>(high - low) + 1, otherwise);
  for (auto& [byte, group] : groups) {
    group.insert(group.end(), ended.begin(), ended.end());
    const uint32_t child = make(std::move(group), at + 1);
    next_[first + byte - low] = child;
  }
  Node& node = nodes_[index];
  node.first = first;
  node.otherwise = otherwise;
  node.at = static_cast<uint16_t>(at);
  node.low = low;
  node.span = static_cast<uint16_t>(high - low + 1);
  return index;
}

std::span<const uint32_t> HeadIndex::find(std::string_view text) const {
  uint32_t index = root_;
  for (;;) {
    const Node& node = nodes_[index];
    if (node.span == 0) return {values_.data() + node.first, node.count};
    const unsigned step =
        node.at < text.size() ? static_cast<unsigned>(byte_of(text[node.at])) - node.low : 0xffffu;
    index = step < node.span ? next_[node.first + step] : node.otherwise;
  }
}

}  // namespace ngxdiag::parse
