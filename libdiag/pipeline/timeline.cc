#include "libdiag/pipeline/timeline.h"

#include <algorithm>
#include <map>

#include "libdiag/base/text.h"

namespace ngxdiag::pipeline {
namespace {

using model::Event;
using model::EventKind;

std::string_view kind_name(EventKind kind) {
  switch (kind) {
    case EventKind::kStart: return "start";
    case EventKind::kUpgrade: return "upgrade";
    case EventKind::kReload: return "reload";
    case EventKind::kReloadRefused: return "refused-reload";
    case EventKind::kReopen: return "reopen";
    case EventKind::kDeath: return "death";
    case EventKind::kKilled: return "killed";
    case EventKind::kFatalExit: return "fatal-exit";
    case EventKind::kOom: return "oom";
    case EventKind::kAcmeRenewed: return "acme-renewed";
    case EventKind::kAcmeFailed: return "acme-failed";
    case EventKind::kPackage: return "package";
    case EventKind::kUnit: return "unit";
  }
  return "event";
}

bool folds(EventKind kind) {
  return kind == EventKind::kDeath || kind == EventKind::kKilled || kind == EventKind::kReload ||
         kind == EventKind::kReloadRefused || kind == EventKind::kOom ||
         kind == EventKind::kFatalExit;
}

struct Run {
  const Event* first = nullptr;
  base::CivilTime end = 0;
  int64_t count = 0;
  std::map<int64_t, int64_t> numbers;
  std::vector<base::CivilTime> times = {};
};

// Few enough to draw, and a width that people count in.
constexpr int64_t kMostBins = 120;
constexpr int64_t kBinSeconds[] = {1, 2, 5, 10, 30, 60, 300, 600, 1800, 3600, 10800, 43200, 86400};

void count_bins(const Run& run, model::TimelineEvent& entry) {
  const int64_t seconds = run.end - entry.time + 1;
  entry.bin = 0;
  for (const int64_t width : kBinSeconds)
    if (entry.bin == 0 && seconds <= width * kMostBins) entry.bin = width;
  if (entry.bin == 0) entry.bin = (seconds + kMostBins - 1) / kMostBins;
  entry.counts.assign(static_cast<size_t>((seconds + entry.bin - 1) / entry.bin), 0);
  for (const base::CivilTime time : run.times) {
    // A log whose clock was set back has events before the first.
    if (time >= entry.time && time <= run.end)
      ++entry.counts[static_cast<size_t>((time - entry.time) / entry.bin)];
  }
}

std::string says(const Run& run) {
  if (run.count == 1) return run.first->says;
  switch (run.first->kind) {
    case EventKind::kDeath:
    case EventKind::kKilled: {
      std::string out = base::plural(run.count, "child") == "1 child"
                            ? "1 child"
                            : base::grouped(run.count) + " children";
      out += run.first->kind == EventKind::kDeath ? " crash" : " killed";
      for (const auto& [signal, count] : run.numbers)
        out += (signal == run.numbers.begin()->first ? ": " : ", ") + base::grouped(count) +
               " on signal " + std::to_string(signal);
      return out;
    }
    case EventKind::kReload: return base::plural(run.count, "reload");
    case EventKind::kReloadRefused:
      return base::plural(run.count, "reload") + " refused: " + run.first->says;
    case EventKind::kOom: return "OOM killer ends " + base::grouped(run.count) + " processes";
    default: return base::grouped(run.count) + " times: " + run.first->says;
  }
}

}  // namespace

std::vector<model::TimelineEvent> make_timeline(const std::vector<Event>& events, int64_t gap) {
  std::vector<Run> runs;
  std::map<EventKind, size_t> open;
  for (const Event& event : events) {
    if (!event.time) continue;
    const auto it = open.find(event.kind);
    if (folds(event.kind) && it != open.end() && *event.time - runs[it->second].end <= gap) {
      Run& run = runs[it->second];
      run.end = std::max(run.end, *event.time);
      ++run.count;
      ++run.numbers[event.number];
      run.times.push_back(*event.time);
      continue;
    }
    open[event.kind] = runs.size();
    runs.push_back({&event, *event.time, 1, {{event.number, 1}}, {*event.time}});
  }
  std::vector<model::TimelineEvent> out;
  for (const Run& run : runs) {
    model::TimelineEvent entry;
    entry.time = *run.first->time;
    if (run.end != entry.time) entry.end = run.end;
    entry.kind = run.count > 1 && run.first->kind == EventKind::kDeath ? "burst"
                                                                       : kind_name(run.first->kind);
    entry.says = says(run);
    if (run.count > 1 && run.end >= entry.time) count_bins(run, entry);
    entry.source = run.first->ref;
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace ngxdiag::pipeline
