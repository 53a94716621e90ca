// The most frequent keys of a stream in bounded memory (after SpaceSaving, Metwally et al. 2005,
// with eviction in batches): clients, upstreams, hosts of a log. A count is never too low, and too
// high by at most `error`; any key that is more frequent than the errors is among those kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ngxdiag::analyze {

class SpaceSaving {
 public:
  // Keeps between `capacity` and twice as many keys.
  explicit SpaceSaving(size_t capacity) : capacity_(capacity) {}

  // `weight`: how many times it was seen.
  void add(std::string_view key, int64_t weight = 1);

  struct Item {
    std::string key;
    int64_t count = 0, error = 0;
  };
  // The `count` most frequent, by count and then by key.
  std::vector<Item> top(size_t count) const;
  // True as long as nothing was dropped: all counts are then exact.
  bool exact() const { return floor_ == 0; }

 private:
  struct Count {
    int64_t count = 0, error = 0;
  };
  void drop_rare();

  size_t capacity_;
  int64_t floor_ = 0;  // no key that was dropped had more
  // Looked up by views: no key is copied but a new one.
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, Count, Hash, std::equal_to<>> counts_;
};

}  // namespace ngxdiag::analyze
