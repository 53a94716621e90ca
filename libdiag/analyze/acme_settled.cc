#include "libdiag/analyze/acme_settled.h"

#include "libdiag/base/limits.h"

namespace ngxdiag::analyze {

using parse::AcmeEvent;

void AcmeSettlement::add(const parse::AcmeLine& line, int64_t number) {
  if (line.time) time_ = line.time;
  const std::string_view name = line.domain.empty() ? std::string_view(current_) : line.domain;
  switch (line.event) {
    case AcmeEvent::kRunStarted:
      end_run();
      if (any_ && !next_run_) next_run_ = AcmePast{number, time_};
      break;
    case AcmeEvent::kDomain:
    case AcmeEvent::kChallengeStarted:
      if (!line.domain.empty()) current_ = line.domain;
      break;
    case AcmeEvent::kRenewed:
    case AcmeEvent::kNotDue:
      if (const auto it = open_.find(name); it != open_.end()) open_.erase(it);
      break;
    case AcmeEvent::kFailed:
      named_ = true;
      if (open_.size() < base::kMaxRecords) open_.emplace(name);
      [[fallthrough]];
    case AcmeEvent::kChallengeFailed:
    case AcmeEvent::kRateLimited:
    case AcmeEvent::kOtherError:
      failed_ = any_ = true;
      next_run_.reset();
      break;
    default: break;
  }
}

// A failure that was told without the lineage's name belongs to what the run last worked on.
void AcmeSettlement::end_run() {
  if (failed_ && !named_) open_.insert(current_);
  failed_ = named_ = false;
  current_.clear();
}

std::optional<AcmePast> AcmeSettlement::past() {
  end_run();
  return open_.empty() ? next_run_ : std::nullopt;
}

}  // namespace ngxdiag::analyze
