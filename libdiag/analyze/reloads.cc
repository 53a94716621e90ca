#include "libdiag/analyze/reloads.h"

#include <algorithm>

namespace ngxdiag::analyze {
namespace {

using model::EventKind;
using model::Unit;
using parse::Life;

constexpr model::FactSpec kSpecs[] = {
    {"reloads.visible", Unit::kNone, "the log level lets reloads be seen (notice lines are there)"},
    {"reloads.total", Unit::kCount, "reloads seen in the error log, the journal or an ACME log"},
    {"reloads.last", Unit::kTime, "time of the last one"},
    {"reloads.peak_per_hour", Unit::kPerHour, "most reloads within one hour"},
    {"reloads.peak_per_minute", Unit::kCount, "most reloads within one minute"},
    {"reloads.refused", Unit::kCount,
     "emergencies written by a master that had been running: the old configuration stays"},
    {"reloads.refused_reason", Unit::kNone, "what it said"},
    {"reloads.starts", Unit::kCount, "starts of a master"},
    {"reloads.by_acme", Unit::kCount, "reloads that the ACME client asked for"},
};

int64_t most_within(const std::vector<base::CivilTime>& times, int64_t window) {
  int64_t best = 0;
  for (size_t first = 0, last = 0; last < times.size(); ++last) {
    while (times[last] - times[first] >= window) ++first;
    best = std::max(best, static_cast<int64_t>(last - first + 1));
  }
  return best;
}

struct Seen {
  std::optional<base::CivilTime> time;
  model::SourceRef ref;
};

// Traces of the same reload: "signal 1 (SIGHUP) received …, reconfiguring" (number 1) and the plain
// "reconfiguring" by the master; "signal process started" of `nginx -s`; systemd's "Reloaded". The
// richest kind is counted, never the sum.
std::vector<Seen> reload_traces(const Digest& digest) {
  std::vector<Seen> plain, by_signal, by_command, by_unit, by_acme;
  for (const LifeEvent& event : digest.life) {
    if (event.life == Life::kReconfiguring)
      (event.number == 1 ? by_signal : plain).push_back({event.time, event.ref});
    if (event.life == Life::kSignalProcess) by_command.push_back({event.time, event.ref});
  }
  for (const UnitRecord& unit : digest.units)
    if (unit.event == parse::UnitEvent::kReloaded) by_unit.push_back({unit.time, unit.ref});
  for (const AcmeRecord& record : digest.acme)
    if (record.event == parse::AcmeEvent::kReload) by_acme.push_back({record.time, record.ref});
  std::vector<Seen>* best = &plain;
  for (std::vector<Seen>* candidate : {&by_signal, &by_command, &by_unit, &by_acme})
    if (candidate->size() > best->size()) best = candidate;
  return std::move(*best);
}

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>& events) {
  const Digest& digest = in.digest;
  const auto log = digest.seen.find(model::Kind::kErrorLog);
  const std::vector<Seen> reloads = reload_traces(digest);
  bool notices = false;
  int64_t starts = 0, refused = 0, by_acme = 0;
  std::vector<model::SourceRef> start_refs, refused_refs, reload_refs, acme_refs;
  for (const LifeEvent& event : digest.life) {
    notices = notices || event.life == Life::kStartProcess || event.life == Life::kGraceful ||
              event.life == Life::kReconfiguring || event.life == Life::kStartWorkers;
    if (event.life == Life::kStarted) {
      ++starts;
      start_refs.push_back(event.ref);
      events.push_back(
          {EventKind::kStart, event.time, 0, event.writer, {}, "nginx starts", event.ref});
    }
    if (event.life == Life::kUpgrade)
      events.push_back(
          {EventKind::kUpgrade, event.time, 0, event.writer, {}, "binary upgrade", event.ref});
    if (event.life == Life::kReopen && digest.pids.count(event.writer) &&
        digest.pids.at(event.writer).master)
      events.push_back(
          {EventKind::kReopen, event.time, 0, event.writer, {}, "logs reopened", event.ref});
  }
  std::vector<base::CivilTime> times;
  for (const Seen& reload : reloads) {
    reload_refs.push_back(reload.ref);
    if (reload.time) times.push_back(*reload.time);
    events.push_back({EventKind::kReload, reload.time, 0, 0, {}, "reload", reload.ref});
  }
  for (const AcmeRecord& record : digest.acme)
    if (record.event == parse::AcmeEvent::kReload) {
      ++by_acme;
      acme_refs.push_back(record.ref);
    }
  // An emergency by a pid that had already acted as master, or acts as one later, is a refused
  // reload.
  std::string reason;
  for (const Trouble& trouble : digest.troubles) {
    if (trouble.level != parse::Level::kEmerg || trouble.stderr_form || trouble.pid == 0) continue;
    bool master = false;
    if (const auto role = digest.pids.find(trouble.pid); role != digest.pids.end())
      master = role->second.master && !role->second.signaller;
    for (const model::Process& process : digest.processes)
      if (process.role == model::Role::kMaster && process.pid == trouble.pid)
        master =
            master || !process.started || !trouble.time || *process.started + 5 < *trouble.time;
    if (!master) continue;
    ++refused;
    refused_refs.push_back(trouble.ref);
    reason = trouble.message;
    events.push_back({EventKind::kReloadRefused,
                      trouble.time,
                      0,
                      trouble.pid,
                      {},
                      "reload refused: " + trouble.message,
                      trouble.ref});
  }
  std::optional<model::SourceRef> looked;
  if (log != digest.seen.end())
    looked = log->second;
  else if (!reload_refs.empty())
    looked = reload_refs.front();
  if (!looked) return;
  facts.put("reloads.visible", notices, *looked);
  // Without notice lines no reload shows: the count is then unknown, not zero.
  if (!reloads.empty() || notices)
    facts.put("reloads.total", static_cast<int64_t>(reloads.size()),
              reload_refs.empty() ? std::vector{*looked} : reload_refs);
  if (by_acme > 0) facts.put("reloads.by_acme", by_acme, acme_refs);
  if (!times.empty()) {
    std::sort(times.begin(), times.end());
    facts.put("reloads.last", base::format_civil(times.back()), reload_refs.back());
    facts.put("reloads.peak_per_hour", most_within(times, 3600), reload_refs);
    facts.put("reloads.peak_per_minute", most_within(times, 60), reload_refs);
  }
  if (refused > 0 || notices || !digest.processes.empty())
    facts.put("reloads.refused", refused,
              refused_refs.empty() ? std::vector{*looked} : refused_refs);
  if (!reason.empty()) facts.put("reloads.refused_reason", reason, refused_refs);
  if (!start_refs.empty()) facts.put("reloads.starts", starts, start_refs);
}

}  // namespace

std::vector<base::CivilTime> reload_times(const Digest& digest) {
  std::vector<base::CivilTime> out;
  for (const Seen& reload : reload_traces(digest))
    if (reload.time) out.push_back(*reload.time);
  return out;
}

const Analyzer kReloads = {"reloads",
                           "When and how often was nginx reloaded, and were reloads refused?",
                           kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::analyze
