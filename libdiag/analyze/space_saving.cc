#include "libdiag/analyze/space_saving.h"

#include <algorithm>
#include <functional>

namespace ngxdiag::analyze {

void SpaceSaving::add(std::string_view key, int64_t weight) {
  if (key.empty()) return;
  if (const auto found = counts_.find(key); found != counts_.end()) {
    found->second.count += weight;
    return;
  }
  if (counts_.size() >= 2 * capacity_) drop_rare();
  counts_.emplace(key, Count{floor_ + weight, floor_});
}

void SpaceSaving::drop_rare() {
  std::vector<int64_t> all;
  all.reserve(counts_.size());
  for (const auto& [key, count] : counts_) all.push_back(count.count);
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(capacity_);
  std::nth_element(all.begin(), middle, all.end(), std::greater<>());
  floor_ = std::max(floor_, *middle);
  for (auto it = counts_.begin(); it != counts_.end();)
    it = it->second.count <= floor_ ? counts_.erase(it) : std::next(it);
}

std::vector<SpaceSaving::Item> SpaceSaving::top(size_t count) const {
  std::vector<Item> out;
  for (const auto& [key, value] : counts_) out.push_back({key, value.count, value.error});
  std::sort(out.begin(), out.end(), [](const Item& a, const Item& b) {
    return a.count != b.count ? a.count > b.count : a.key < b.key;
  });
  if (out.size() > count) out.resize(count);
  return out;
}

}  // namespace ngxdiag::analyze
