#include "libdiag/analyze/units.h"

namespace ngxdiag::analyze {
namespace {

using model::Unit;
using parse::UnitEvent;

constexpr model::FactSpec kSpecs[] = {
    {"unit.seen", Unit::kNone, "journal or status text of systemd was looked at"},
    {"unit.name", Unit::kNone, "the unit"},
    {"unit.reloaded", Unit::kCount, "reloads through systemd"},
    {"unit.started", Unit::kCount, "starts"},
    {"unit.failed", Unit::kCount, "failures"},
    {"unit.start_timeouts", Unit::kCount, "start operations that timed out"},
    {"unit.stop_timeouts", Unit::kCount, "stop operations that timed out"},
    {"unit.sigkills", Unit::kCount, "processes that systemd killed with SIGKILL"},
    {"unit.main_exited", Unit::kNone, "how the main process ended"},
    {"unit.ends_started", Unit::kNone, "the last start, stop or failure seen is a start"},
    {"unit.killed_pids", Unit::kNone, "whom systemd killed"},
};

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>& events) {
  const Digest& digest = in.digest;
  const auto log = digest.seen.find(model::Kind::kSystemd);
  if (log == digest.seen.end()) return;
  struct Tally {
    int64_t count = 0;
    std::vector<model::SourceRef> refs;
  };
  std::map<UnitEvent, Tally> tallies;
  std::string unit, main_exited;
  std::vector<std::string> killed;
  model::SourceRef main_ref;
  bool ends_started = false, any_state = false;
  for (const UnitRecord& record : digest.units) {
    Tally& tally = tallies[record.event];
    ++tally.count;
    tally.refs.push_back(record.ref);
    if (unit.empty()) unit = record.unit;
    if (record.event == UnitEvent::kStarted || record.event == UnitEvent::kFailed ||
        record.event == UnitEvent::kStopped) {
      ends_started = record.event == UnitEvent::kStarted;
      any_state = true;
    }
    if (record.event == UnitEvent::kMainExited) {
      main_exited = record.detail;
      main_ref = record.ref;
    }
    if (record.event == UnitEvent::kKilling && record.pid)
      killed.push_back(std::to_string(record.pid));
    if (record.event == UnitEvent::kStopTimeout || record.event == UnitEvent::kStartTimeout ||
        record.event == UnitEvent::kFailed || record.event == UnitEvent::kMainExited)
      events.push_back({model::EventKind::kUnit, record.time, 0, record.pid, record.unit,
                        "systemd: " + record.ref.excerpt, record.ref});
  }
  const auto put = [&](std::string_view name, UnitEvent event) {
    const auto it = tallies.find(event);
    facts.put(name, it == tallies.end() ? int64_t{0} : it->second.count,
              it == tallies.end() ? std::vector{log->second} : it->second.refs);
  };
  facts.put("unit.seen", true, log->second);
  if (!unit.empty()) facts.put("unit.name", unit, log->second);
  put("unit.reloaded", UnitEvent::kReloaded);
  put("unit.started", UnitEvent::kStarted);
  put("unit.failed", UnitEvent::kFailed);
  put("unit.start_timeouts", UnitEvent::kStartTimeout);
  put("unit.stop_timeouts", UnitEvent::kStopTimeout);
  put("unit.sigkills", UnitEvent::kKilling);
  if (!main_exited.empty()) facts.put("unit.main_exited", main_exited, main_ref);
  if (any_state) facts.put("unit.ends_started", ends_started, log->second);
  if (!killed.empty()) facts.put("unit.killed_pids", killed, tallies[UnitEvent::kKilling].refs);
}

}  // namespace

const Analyzer kUnits = {"units", "What did systemd do to the unit?", kSpecs, std::size(kSpecs),
                         run};

}  // namespace ngxdiag::analyze
