// Where a series of counts changes its rate: the segmentation of least cost under a Poisson model
// with one penalty for each change (optimal partitioning, Jackson et al. 2005; the pruning is that
// of PELT, Killick et al. 2012). Example: 1 0 1 0 1 90 110 95 1 0 1 -> three segments.
// Counts of logs scatter more than Poisson's: the penalty is scaled by the dispersion of
// neighbours, so that a lively series is not cut to pieces. Deterministic; time is at most
// quadratic in the number of counts, memory linear.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ngxdiag::analyze {

struct RateSegment {
  size_t from = 0, until = 0;  // indices, the end excluded
  int64_t count = 0;
  double rate() const { return static_cast<double>(count) / static_cast<double>(until - from); }
};

// `penalty` times the logarithm of the number of counts is what a change must gain, in units of
// twice the log-likelihood. Segments cover all counts; none for no counts.
std::vector<RateSegment> rate_segments(const std::vector<int64_t>& counts, double penalty);

// How many times Poisson's the squared differences of neighbours are: at least 1. The median of all
// pairs that are not both zero, so that the changes themselves count for nothing.
double dispersion(const std::vector<int64_t>& counts);

}  // namespace ngxdiag::analyze
