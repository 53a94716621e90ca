#include "libdiag/analyze/change_points.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ngxdiag::analyze {
namespace {

// The median of a squared standard normal, which the ratios would have.
constexpr double kMedianOfSquare = 0.4549;
// With fewer pairs the median says nothing.
constexpr size_t kLeastPairs = 8;

// Minus twice the greatest log-likelihood of `sum` events in `length` intervals, less what is the
// same for every segmentation.
double cost(double sum, double length) {
  return sum > 0 ? -2.0 * sum * std::log(sum / length) : 0.0;
}

}  // namespace

double dispersion(const std::vector<int64_t>& counts) {
  std::vector<double> ratios;
  for (size_t i = 1; i < counts.size(); ++i) {
    const auto sum = static_cast<double>(counts[i] + counts[i - 1]);
    const auto apart = static_cast<double>(counts[i] - counts[i - 1]);
    if (sum > 0) ratios.push_back(apart * apart / sum);
  }
  if (ratios.size() < kLeastPairs) return 1.0;
  const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
  std::nth_element(ratios.begin(), middle, ratios.end());
  return std::max(1.0, *middle / kMedianOfSquare);
}

std::vector<RateSegment> rate_segments(const std::vector<int64_t>& counts, double penalty) {
  const size_t n = counts.size();
  if (n == 0) return {};
  const double price = penalty * std::log(static_cast<double>(n)) * dispersion(counts);
  std::vector<double> sums(n + 1, 0.0);
  for (size_t i = 0; i < n; ++i) sums[i + 1] = sums[i] + static_cast<double>(counts[i]);
  std::vector<double> best(n + 1, 0.0);
  std::vector<size_t> last(n + 1, 0), candidates{0}, kept;
  std::vector<double> values;  // of the candidates, without the price
  best[0] = -price;
  for (size_t end = 1; end <= n; ++end) {
    best[end] = std::numeric_limits<double>::infinity();
    values.clear();
    for (const size_t start : candidates) {
      values.push_back(best[start] +
                       cost(sums[end] - sums[start], static_cast<double>(end - start)));
      if (values.back() + price < best[end]) {
        best[end] = values.back() + price;
        last[end] = start;
      }
    }
    kept.clear();
    for (size_t i = 0; i < candidates.size(); ++i)
      if (values[i] <= best[end]) kept.push_back(candidates[i]);
    kept.push_back(end);
    candidates.swap(kept);
  }
  std::vector<RateSegment> out;
  for (size_t end = n; end > 0; end = last[end])
    out.push_back({last[end], end, static_cast<int64_t>(sums[end] - sums[last[end]])});
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace ngxdiag::analyze
