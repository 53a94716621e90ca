#include "libdiag/analyze/kernel.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <unordered_set>

#include "libdiag/base/text.h"
#include "libdiag/parse/module_names.h"

namespace ngxdiag::analyze {
namespace {

using model::Unit;
using parse::KernelKind;

constexpr model::FactSpec kSpecs[] = {
    {"kernel.seen", Unit::kNone, "a kernel log was looked at"},
    {"kernel.segfaults", Unit::kCount, "faults and traps of nginx processes"},
    {"kernel.objects", Unit::kNone, "objects the faults happened in, most frequent first"},
    {"kernel.modules", Unit::kNone, "modules among them"},
    {"kernel.offsets", Unit::kNone, "object+offset (ip - base) of the faults, distinct"},
    {"kernel.addresses", Unit::kNone, "fault addresses, distinct, in hexadecimal"},
    {"kernel.errors", Unit::kNone, "page-fault codes, distinct, in hexadecimal as printed"},
    {"kernel.jump_to_garbage", Unit::kNone, "a fault address equals the instruction pointer"},
    {"kernel.null_plus_offset", Unit::kNone,
     "a fault address below 0x1000: NULL plus the offset of a field"},
    {"kernel.traps", Unit::kNone, "traps: invalid opcode, divide error, general protection"},
    {"kernel.oom_kills", Unit::kCount, "nginx processes killed by the OOM killer"},
    {"kernel.oom_any", Unit::kCount, "processes of any name killed by the OOM killer"},
    {"kernel.oom_paired", Unit::kCount,
     "OOM kills whose pid the error log reports dead by signal 9"},
    {"kernel.confirmed", Unit::kCount,
     "deaths of the error log that the kernel log has too, by pid"},
    {"kernel.syn_flood", Unit::kCount, "possible SYN flooding"},
    {"kernel.selinux_denied", Unit::kCount, "SELinux denials of nginx"},
    {"kernel.master_died", Unit::kNone, "a fault of the master itself"},
    {"kernel.oom_rss_max", Unit::kBytes, "largest nginx process at an OOM kill"},
};

std::string hex(uint64_t value) {
  char out[32];
  std::snprintf(out, sizeof out, "%llx", static_cast<unsigned long long>(value));
  return out;
}

bool is_nginx(std::string_view process) {
  return process.empty() || process == "nginx" || process == "openresty" || process == "tengine" ||
         process == "angie";
}

// A live host's kernel log also holds the faults of other nginx instances and of times before this
// one began. The master writes every death of a child into its error log, with the pid that the
// kernel prints (but for containers, where the log's pids are others).
class Belonging {
 public:
  Belonging(const AnalyzerInput& in, const std::unordered_set<int64_t>& gone) : gone_(gone) {
    if (!in.evidence.live) return;
    for (const model::Process& process : in.digest.processes) {
      living_.insert(process.pid);
      if (process.role == model::Role::kMaster && process.started)
        since_ = std::min(since_.value_or(*process.started), *process.started);
    }
    if (!since_ || !in.digest.seen.count(model::Kind::kErrorLog)) return;
    reported_ = true;
    for (const KernelEvent& event : in.digest.kernel)
      same_pids_ = same_pids_ || gone.count(event.pid);
  }

  bool ours(const KernelEvent& event) const {
    if (gone_.count(event.pid) || living_.count(event.pid)) return true;
    if (since_ && event.time && *event.time + kClockSlack < *since_) return false;
    return !reported_ || (!gone_.empty() && !same_pids_);
  }

 private:
  static constexpr int64_t kClockSlack = 2;  // seconds: the kernel's clock is counted from boot
  const std::unordered_set<int64_t>& gone_;
  std::unordered_set<int64_t> living_;
  std::optional<base::CivilTime> since_;
  bool reported_ = false;   // the error log was read, so deaths are known from it
  bool same_pids_ = false;  // kernel and error log count pids alike
};

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>& events) {
  const Digest& digest = in.digest;
  const auto log = digest.seen.find(model::Kind::kKernelLog);
  if (log == digest.seen.end() && digest.kernel.empty()) return;
  const model::SourceRef looked =
      log == digest.seen.end() ? digest.kernel.front().ref : log->second;
  std::unordered_set<int64_t> dead, killed, masters;
  for (const LifeEvent& event : digest.life)
    if (event.life == parse::Life::kExitedOnSignal)
      (event.number == 9 ? killed : dead).insert(event.child);
  for (const auto& [pid, role] : digest.pids)
    if (role.master) masters.insert(pid);
  std::unordered_set<int64_t> gone = dead;
  gone.insert(killed.begin(), killed.end());
  const Belonging belonging(in, gone);

  std::map<std::string, int64_t> objects;
  std::set<std::string> offsets, addresses, traps, slugs, errors;
  std::vector<model::SourceRef> fault_refs, oom_refs, syn_refs, selinux_refs, module_refs;
  int64_t faults = 0, ooms = 0, ooms_any = 0, paired = 0, confirmed = 0, syn = 0, selinux = 0,
          rss_max = 0;
  bool jump = false, null_plus = false, master_died = false;
  for (const KernelEvent& event : digest.kernel) {
    switch (event.kind) {
      case KernelKind::kSegfault:
      case KernelKind::kTrap: {
        if (!is_nginx(event.process) && !dead.count(event.pid)) break;
        if (!belonging.ours(event)) break;
        ++faults;
        fault_refs.push_back(event.ref);
        if (event.pid && dead.count(event.pid)) ++confirmed;
        if (event.pid && masters.count(event.pid)) master_died = true;
        if (!event.trap.empty()) traps.insert(event.trap);
        if (!event.object.empty()) {
          ++objects[event.object];
          if (event.ip >= event.base && event.base)
            offsets.insert(event.object + "+0x" + hex(event.ip - event.base));
          const std::string slug = parse::module_slug(event.object);
          if (!slug.empty() && slugs.insert(slug).second) module_refs.push_back(event.ref);
        }
        if (event.kind == KernelKind::kSegfault) {
          addresses.insert(hex(event.address));
          if (event.error >= 0) errors.insert(hex(static_cast<uint64_t>(event.error)));
          jump = jump || (event.address == event.ip && event.ip != 0);
          null_plus = null_plus || event.address < 0x1000;
        }
        break;
      }
      case KernelKind::kOomKilled:
        ++ooms_any;
        if (!is_nginx(event.process) && !killed.count(event.pid)) break;
        if (!belonging.ours(event)) break;
        ++ooms;
        oom_refs.push_back(event.ref);
        rss_max = std::max(rss_max, event.rss);
        if (killed.count(event.pid)) ++paired;
        events.push_back({model::EventKind::kOom, event.time, 9, event.pid, event.process,
                          "OOM killer ends " + event.process + " " + std::to_string(event.pid),
                          event.ref});
        break;
      case KernelKind::kOomTask:
        if (is_nginx(event.process)) rss_max = std::max(rss_max, event.rss);
        break;
      case KernelKind::kSynFlood:
        ++syn;
        syn_refs.push_back(event.ref);
        break;
      case KernelKind::kSelinuxDenied:
        ++selinux;
        selinux_refs.push_back(event.ref);
        break;
      default: break;
    }
  }
  const auto refs_or = [&](const std::vector<model::SourceRef>& refs) {
    return refs.empty() ? std::vector{looked} : refs;
  };
  facts.put("kernel.seen", true, looked);
  facts.put("kernel.segfaults", faults, refs_or(fault_refs));
  facts.put("kernel.oom_kills", ooms, refs_or(oom_refs));
  facts.put("kernel.oom_any", ooms_any, refs_or(oom_refs));
  facts.put("kernel.oom_paired", paired, refs_or(oom_refs));
  facts.put("kernel.syn_flood", syn, refs_or(syn_refs));
  facts.put("kernel.selinux_denied", selinux, refs_or(selinux_refs));
  if (rss_max > 0) facts.put("kernel.oom_rss_max", rss_max, refs_or(oom_refs));
  std::vector<std::pair<int64_t, std::string>> order;
  for (const auto& [object, count] : objects) order.emplace_back(-count, object);
  std::sort(order.begin(), order.end());
  std::vector<std::string> names;
  for (const auto& entry : order) names.push_back(entry.second);
  facts.put("kernel.objects", names, refs_or(fault_refs));
  if (faults == 0) return;
  const auto list = [](const std::set<std::string>& set) {
    return std::vector<std::string>(set.begin(), set.end());
  };
  facts.put("kernel.confirmed", confirmed, fault_refs);
  facts.put("kernel.master_died", master_died, fault_refs);
  facts.put("kernel.offsets", list(offsets), fault_refs);
  facts.put("kernel.addresses", list(addresses), fault_refs);
  if (!errors.empty()) facts.put("kernel.errors", list(errors), fault_refs);
  facts.put("kernel.jump_to_garbage", jump, fault_refs);
  facts.put("kernel.null_plus_offset", null_plus, fault_refs);
  if (!traps.empty()) facts.put("kernel.traps", list(traps), fault_refs);
  if (!slugs.empty()) facts.put("kernel.modules", list(slugs), module_refs);
}

}  // namespace

const Analyzer kKernel = {"kernel", "What does the kernel say of dead nginx processes?", kSpecs,
                          std::size(kSpecs), run};

}  // namespace ngxdiag::analyze
