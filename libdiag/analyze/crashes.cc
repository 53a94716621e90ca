#include "libdiag/analyze/crashes.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "libdiag/base/text.h"
#include "libdiag/base/limits.h"

namespace ngxdiag::analyze {
namespace {

using model::EventKind;
using model::Unit;
using parse::Life;

constexpr model::FactSpec kSpecs[] = {
    {"deaths.total", Unit::kCount, "children that crashed: signals 4, 5, 6, 7, 8, 10, 11, 31"},
    {"deaths.past", Unit::kCount,
     "children that a signal ended before the present master was started"},
    {"deaths.by_signal.*", Unit::kCount, "children ended by that signal, crash or not"},
    {"deaths.killed", Unit::kCount, "children ended by SIGKILL"},
    {"deaths.killed_at_stop", Unit::kCount,
     "those of them that ended so after the master was told to stop (SIGTERM, SIGINT)"},
    {"deaths.core_dumped", Unit::kCount, "crashes that left a core"},
    {"deaths.first", Unit::kTime, "time of the first crash"},
    {"deaths.last", Unit::kTime, "time of the last crash"},
    {"deaths.first_signal", Unit::kNone, "signal of the first crash"},
    {"deaths.first_pid", Unit::kNone, "pid of the first to crash"},
    {"deaths.peak_per_second", Unit::kPerSecond, "most crashes within one second"},
    {"deaths.seconds", Unit::kSeconds, "from the first crash to the last"},
    {"deaths.fatal", Unit::kCount, "children that left with fatal code 2 and are not replaced"},
    {"deaths.fatal_subject", Unit::kNone, "which kind of child left so"},
    {"deaths.exit_code.*", Unit::kCount, "children that left with that code"},
    {"deaths.leaving", Unit::kCount,
     "crashed children that had been told to leave (old generation)"},
    {"deaths.young", Unit::kCount,
     "crashed children whose start is logged, dead within a second of it"},
    {"deaths.leaving_abnormal", Unit::kCount, "leaving children that ended by any signal"},
    {"deaths.by_unknown", Unit::kCount, "deaths of children that the master no longer knew"},
    {"deaths.segv_share", Unit::kPercent, "share of signal 11 among the crashes"},
    {"assertions.count", Unit::kCount, "failed assertions"},
    {"assertions.functions", Unit::kNone, "functions whose assertion failed, most frequent first"},
    {"assertions.expressions", Unit::kNone, "what was asserted"},
    {"assertions.files", Unit::kNone, "source files"},
    {"assertions.lines", Unit::kNone, "file:line"},
    {"assertions.modules", Unit::kNone, "modules that own them"},
    {"assertions.first", Unit::kNone, "the first one: function and expression"},
    {"assertions.paired", Unit::kCount, "assertions followed by a death on signal 6"},
    {"aborts.kinds", Unit::kNone,
     "other abort texts: heap, fortify, stack-smashing, terminate, lua-atpanic"},
    {"aborts.count", Unit::kCount, "how many of them"},
};

// Signals that end a process for a fault of its own; the rest come from somebody else (signal(7)).
bool is_crash(int signal) {
  static constexpr int kCrash[] = {4, 5, 6, 7, 8, 10, 11, 31};
  return std::find(std::begin(kCrash), std::end(kCrash), signal) != std::end(kCrash);
}

struct Tally {
  int64_t count = 0;
  std::vector<model::SourceRef> refs;
  void add(const model::SourceRef& ref) {
    ++count;
    if (refs.size() < model::FactSet::kMaxRefs) refs.push_back(ref);
  }
};

// Several error_log directives print the same alert more than once.
struct DeathKey {
  int64_t child, time;
  int signal;
  bool operator==(const DeathKey&) const = default;
};
struct DeathHash {
  size_t operator()(const DeathKey& key) const {
    return std::hash<int64_t>()(key.child * 1000003 + key.time * 31 + key.signal);
  }
};

template <typename Key>
std::vector<std::string> by_frequency(const std::map<Key, int64_t>& counts) {
  std::vector<std::pair<int64_t, std::string>> order;
  for (const auto& [key, count] : counts) order.emplace_back(-count, key);
  std::sort(order.begin(), order.end());
  std::vector<std::string> out;
  for (const auto& entry : order) out.push_back(entry.second);
  return out;
}

std::string file_name(std::string_view path) {
  const size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

void put_aborts(const AnalyzerInput& in, model::FactSink& facts) {
  const Digest& digest = in.digest;
  std::map<std::string, int64_t> functions, expressions, files, lines, owners, kinds;
  std::vector<model::SourceRef> refs, other;
  int64_t assertions = 0, others = 0, paired = 0;
  std::string first;
  size_t next_death = 0;
  for (const AbortText& abort : digest.aborts) {
    if (abort.kind != "assertion") {
      ++others;
      ++kinds[abort.kind];
      other.push_back(abort.ref);
      continue;
    }
    ++assertions;
    refs.push_back(abort.ref);
    ++functions[abort.function];
    ++expressions[abort.expression];
    ++files[abort.file];
    ++lines[file_name(abort.file) + ":" + std::to_string(abort.line)];
    std::string slug = in.tables.owner("function", abort.function);
    if (slug.empty()) slug = in.tables.owner("path", abort.file);
    if (!slug.empty()) ++owners[slug];
    if (first.empty()) first = abort.function + ": " + abort.expression;
    // The alert of its death stands after it, seldom before; each death pairs once.
    while (next_death < digest.life.size() &&
           !(digest.life[next_death].life == Life::kExitedOnSignal &&
             digest.life[next_death].number == 6))
      ++next_death;
    if (next_death < digest.life.size()) {
      ++paired;
      ++next_death;
    }
  }
  const auto log = digest.seen.find(model::Kind::kErrorLog);
  if (assertions > 0) {
    facts.put("assertions.functions", by_frequency(functions), refs);
    facts.put("assertions.expressions", by_frequency(expressions), refs);
    facts.put("assertions.files", by_frequency(files), refs);
    facts.put("assertions.lines", by_frequency(lines), refs);
    facts.put("assertions.first", first, refs);
    facts.put("assertions.paired", paired, refs);
    if (!owners.empty()) facts.put("assertions.modules", by_frequency(owners), refs);
  }
  if (log != digest.seen.end() || assertions > 0)
    facts.put("assertions.count", assertions, refs.empty() ? std::vector{log->second} : refs);
  if (others > 0) {
    facts.put("aborts.kinds", by_frequency(kinds), other);
    facts.put("aborts.count", others, other);
  }
}

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>& events) {
  const Digest& digest = in.digest;
  put_aborts(in, facts);
  const auto log = digest.seen.find(model::Kind::kErrorLog);
  if (log == digest.seen.end() && digest.life.empty()) return;
  const model::SourceRef looked = log == digest.seen.end() ? digest.life.front().ref : log->second;

  std::map<int, Tally> by_signal, by_code;
  Tally crashes, cores, fatal, leaving, leaving_any, unknown, young, at_stop;
  bool stopping = false;
  std::string fatal_subject;
  std::unordered_map<DeathKey, std::string, DeathHash> known;  // -> document
  std::unordered_map<int64_t, base::CivilTime> started;
  std::unordered_map<base::CivilTime, int64_t> per_second;
  const LifeEvent* first = nullptr;
  const LifeEvent* last = nullptr;
  for (const LifeEvent& event : digest.life) {
    if (event.life == Life::kStartProcess && event.time && started.size() < base::kMaxRecords)
      started[event.child] = *event.time;
    if (event.life == Life::kExitedFatal) {
      fatal.add(event.ref);
      if (fatal_subject.empty()) fatal_subject = event.subject;
      events.push_back({EventKind::kFatalExit, event.time, event.number, event.child, event.subject,
                        event.subject + " left with fatal code " + std::to_string(event.number),
                        event.ref});
    }
    // ngx_master_process_cycle ends by SIGKILL those that a fast shutdown does not end in a second.
    if (event.life == Life::kSignalReceived && (event.number == 15 || event.number == 2))
      stopping = true;
    if (event.life == Life::kStarted || event.life == Life::kStartWorkers) stopping = false;
    if (event.life == Life::kExitedWithCode) by_code[event.number].add(event.ref);
    if (event.life != Life::kExitedOnSignal) continue;
    if (event.child && event.time) {
      const auto [it, fresh] =
          known.try_emplace({event.child, *event.time, event.number}, event.ref.path);
      if (!fresh && it->second != event.ref.path) continue;  // the same line in another log
    }
    by_signal[event.number].add(event.ref);
    if (event.subject == "unknown process") unknown.add(event.ref);
    const auto role = digest.pids.find(event.child);
    const bool was_leaving = role != digest.pids.end() && role->second.graceful;
    if (was_leaving) leaving_any.add(event.ref);
    if (!is_crash(event.number)) {
      if (event.number == 9 && stopping) at_stop.add(event.ref);
      if (event.number == 9 || event.number == 15)
        events.push_back({EventKind::kKilled, event.time, event.number, event.child, event.subject,
                          event.subject + " " + std::to_string(event.child) + " killed by signal " +
                              std::to_string(event.number),
                          event.ref});
      continue;
    }
    crashes.add(event.ref);
    if (event.core) cores.add(event.ref);
    if (was_leaving) leaving.add(event.ref);
    if (const auto start = started.find(event.child);
        start != started.end() && event.time && *event.time - start->second <= 1)
      young.add(event.ref);
    if (event.time) ++per_second[*event.time];
    if (!first) first = &event;
    if (!last || !event.time || !last->time || *event.time >= *last->time) last = &event;
    if (first->time && event.time && *event.time < *first->time) first = &event;
    events.push_back({EventKind::kDeath, event.time, event.number, event.child, event.subject,
                      event.subject + " " + std::to_string(event.child) + " exited on signal " +
                          std::to_string(event.number),
                      event.ref});
  }
  const auto put = [&](std::string_view name, const Tally& tally) {
    facts.put(name, tally.count, tally.refs.empty() ? std::vector{looked} : tally.refs);
  };
  Tally all = crashes;
  all.count += digest.life_dropped;
  put("deaths.total", all);
  put("deaths.killed", by_signal.count(9) ? by_signal[9] : Tally{});
  if (at_stop.count > 0) put("deaths.killed_at_stop", at_stop);
  for (const auto& [signal, tally] : by_signal)
    put("deaths.by_signal." + std::to_string(signal), tally);
  for (const auto& [code, tally] : by_code) put("deaths.exit_code." + std::to_string(code), tally);
  put("deaths.fatal", fatal);
  if (digest.past_deaths > 0) facts.put("deaths.past", digest.past_deaths, digest.past_ref);
  if (!fatal_subject.empty()) facts.put("deaths.fatal_subject", fatal_subject, fatal.refs);
  if (!first) return;
  put("deaths.core_dumped", cores);
  put("deaths.by_unknown", unknown);
  facts.put("deaths.first_signal", int64_t{first->number}, first->ref);
  if (first->child) facts.put("deaths.first_pid", first->child, first->ref);
  facts.put("deaths.segv_share",
            100.0 * static_cast<double>(by_signal.count(11) ? by_signal[11].count : 0) /
                static_cast<double>(crashes.count),
            crashes.refs);
  // Who was leaving is known only where the log shows "gracefully shutting down".
  const auto visible = in.known.find("reloads.visible");
  if (visible && model::truthy(visible->value)) {
    put("deaths.leaving", leaving);
    put("deaths.leaving_abnormal", leaving_any);
    put("deaths.young", young);
  }
  if (!first->time || !last->time) return;
  facts.put("deaths.first", base::format_civil(*first->time), first->ref);
  facts.put("deaths.last", base::format_civil(*last->time), last->ref);
  facts.put("deaths.seconds", std::max<int64_t>(*last->time - *first->time, 0),
            std::vector{first->ref, last->ref});
  int64_t peak = 0;
  for (const auto& [time, count] : per_second) peak = std::max(peak, count);
  facts.put("deaths.peak_per_second", peak, crashes.refs);
}

}  // namespace

const Analyzer kCrashes = {
    "crashes", "Did children of nginx die, how, how often, and what did they say at their end?",
    kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::analyze
