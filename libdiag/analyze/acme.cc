#include "libdiag/analyze/acme.h"

#include <set>

namespace ngxdiag::analyze {
namespace {

using model::EventKind;
using model::Unit;
using parse::AcmeEvent;

constexpr model::FactSpec kSpecs[] = {
    {"acme.seen", Unit::kNone, "a log of an ACME client was looked at"},
    {"acme.client", Unit::kNone, "certbot, dehydrated or acme.sh"},
    {"acme.renewed", Unit::kCount, "names or lineages renewed"},
    {"acme.failed", Unit::kCount, "names or lineages that failed"},
    {"acme.renewed_names", Unit::kNone, "which were renewed"},
    {"acme.failed_names", Unit::kNone, "which failed"},
    {"acme.challenge_failures", Unit::kCount, "failed challenges"},
    {"acme.challenge_status.*", Unit::kCount, "failed challenges answered with that HTTP status"},
    {"acme.challenge_5xx", Unit::kCount, "failed challenges answered with 502, 503 or 504"},
    {"acme.error_types", Unit::kNone, "ACME error types"},
    {"acme.reloads", Unit::kCount, "reloads the client asked for"},
    {"acme.order_processing", Unit::kCount, "lines `Order is processing`"},
    {"acme.order_stuck", Unit::kNone, "the log ends while the order is still processing"},
    {"acme.hook_failures", Unit::kCount, "hooks that failed"},
    {"acme.hook_failed", Unit::kNone, "what the client said of the last of them"},
    {"acme.first_failure", Unit::kTime, "time of the first failure"},
    {"acme.last_success", Unit::kTime, "time of the last renewal before it"},
    {"acme.not_due", Unit::kCount, "certificates not yet due"},
};

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>& events) {
  const Digest& digest = in.digest;
  const auto log = digest.seen.find(model::Kind::kAcmeLog);
  if (log == digest.seen.end()) return;
  std::string client;
  std::set<std::string> renewed, failed, types;
  std::map<int, int64_t> statuses;
  std::vector<model::SourceRef> renewed_refs, failed_refs, challenge_refs, reload_refs, order_refs,
      hook_refs;
  int64_t challenges = 0, gateway = 0, not_due = 0, failures = 0, successes = 0;
  std::optional<base::CivilTime> first_failure, last_success;
  bool processing_last = false;
  std::set<std::pair<AcmeEvent, std::string>> told;  // in this run: it ends with a list of all
  std::set<std::pair<std::string, int>> answers;     // of this run, one name is told several times
  std::string working;
  for (const AcmeRecord& record : digest.acme) {
    if (client.empty()) client = record.client;
    if (!record.error_type.empty()) types.insert(record.error_type);
    if (record.event != AcmeEvent::kOrderProcessing && record.event != AcmeEvent::kNone)
      processing_last = false;
    if (record.event == AcmeEvent::kRunStarted) {
      told.clear();
      answers.clear();
      working.clear();
    }
    if (record.event == AcmeEvent::kDomain || record.event == AcmeEvent::kChallengeStarted)
      working = record.domain;
    const bool again = !record.domain.empty() && !told.emplace(record.event, record.domain).second;
    switch (record.event) {
      case AcmeEvent::kRenewed:
        if (again) break;
        ++successes;
        if (!record.domain.empty()) renewed.insert(record.domain);
        failed.erase(record.domain);  // what came in the end is no failure
        renewed_refs.push_back(record.ref);
        if (!first_failure && record.time) last_success = record.time;
        events.push_back({EventKind::kAcmeRenewed, record.time, 0, 0, record.domain,
                          record.domain + " renewed", record.ref});
        break;
      case AcmeEvent::kFailed:
      case AcmeEvent::kChallengeFailed:
        if (record.event == AcmeEvent::kChallengeFailed) {
          ++challenges;
          challenge_refs.push_back(record.ref);
          const std::string& name = record.domain.empty() ? working : record.domain;
          if (record.status && (name.empty() || answers.emplace(name, record.status).second)) {
            ++statuses[record.status];
            if (record.status >= 502 && record.status <= 504) ++gateway;
          }
        } else if (!again) {
          if (record.domain.empty())
            ++failures;
          else
            failed.insert(record.domain);
          failed_refs.push_back(record.ref);
          events.push_back({EventKind::kAcmeFailed, record.time, record.status, 0, record.domain,
                            "renewal of " + record.domain + " fails", record.ref});
        }
        if (!first_failure && record.time) first_failure = record.time;
        break;
      case AcmeEvent::kNotDue: ++not_due; break;
      case AcmeEvent::kReload: reload_refs.push_back(record.ref); break;
      case AcmeEvent::kOrderProcessing:
        order_refs.push_back(record.ref);
        processing_last = true;
        break;
      case AcmeEvent::kHookFailed: hook_refs.push_back(record.ref); break;
      default: break;
    }
  }
  const auto list = [](const std::set<std::string>& set) {
    return std::vector<std::string>(set.begin(), set.end());
  };
  const auto count = [&](std::string_view name, int64_t value,
                         const std::vector<model::SourceRef>& refs) {
    facts.put(name, value, refs.empty() ? std::vector{log->second} : refs);
  };
  facts.put("acme.seen", true, log->second);
  if (!client.empty()) facts.put("acme.client", client, log->second);
  count("acme.renewed", renewed.empty() ? successes : static_cast<int64_t>(renewed.size()),
        renewed_refs);
  count("acme.failed", failed.empty() ? failures : static_cast<int64_t>(failed.size()),
        failed_refs);
  if (!renewed.empty()) facts.put("acme.renewed_names", list(renewed), renewed_refs);
  if (!failed.empty()) facts.put("acme.failed_names", list(failed), failed_refs);
  count("acme.challenge_failures", challenges, challenge_refs);
  for (const auto& [status, number] : statuses)
    count("acme.challenge_status." + std::to_string(status), number, challenge_refs);
  count("acme.challenge_5xx", gateway, challenge_refs);
  if (!types.empty())
    facts.put("acme.error_types", list(types),
              challenge_refs.empty() ? std::vector{log->second} : challenge_refs);
  count("acme.reloads", static_cast<int64_t>(reload_refs.size()), reload_refs);
  count("acme.order_processing", static_cast<int64_t>(order_refs.size()), order_refs);
  facts.put("acme.order_stuck", processing_last,
            order_refs.empty() ? std::vector{log->second} : order_refs);
  count("acme.hook_failures", static_cast<int64_t>(hook_refs.size()), hook_refs);
  if (!hook_refs.empty()) facts.put("acme.hook_failed", hook_refs.back().excerpt, hook_refs);
  count("acme.not_due", not_due, {});
  if (first_failure)
    facts.put("acme.first_failure", base::format_civil(*first_failure),
              challenge_refs.empty() ? failed_refs : challenge_refs);
  if (last_success) facts.put("acme.last_success", base::format_civil(*last_success), renewed_refs);
}

}  // namespace

const Analyzer kAcme = {"acme", "What did the ACME client do, and which challenges failed how?",
                        kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::analyze
