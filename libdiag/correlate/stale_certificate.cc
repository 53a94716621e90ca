#include "libdiag/correlate/stale_certificate.h"

namespace ngxdiag::correlate {
namespace {

using model::Fact;
using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"stale.reason", Unit::kNone,
     "why the new certificate is not served: other-process, reload-refused, hook-failed, "
     "hook-not-executable, no-hook, old-workers or not-reloaded"},
    {"stale.why", Unit::kNone, "the same in words"},
};

struct Reason {
  const char* fact;    // what shows it
  bool wanted;         // true: the fact holds; false: it is known and does not
  const char* reason;  // stale.reason
  const char* says;
  const char* shows;  // its value stands behind the words
  bool needed;        // without that value it is another reason
};

// The nearest to the trouble first: who answers on the port, then whether a reload was tried, then
// whether anything would have tried.
constexpr Reason kReasons[] = {
    {"sockets.taken", true, "other-process", "another process answers there", "sockets.taken",
     true},
    {"reloads.refused", true, "reload-refused", "a reload was refused", "reloads.refused_reason",
     false},
    {"acme.hook_failures", true, "hook-failed", "the hook that should reload it failed",
     "acme.hook_failed", false},
    {"renewal.reload_hook", false, "hook-not-executable",
     "certbot skips the hook that is not executable", "renewal.idle_hooks", true},
    {"renewal.reload_hook", false, "no-hook",
     "no deploy hook: nothing reloads nginx after a renewal", "renewal.without_reload", false},
    {"processes.orphans", true, "old-workers",
     "workers of a master that is gone still accept connections", "processes.orphans", false},
};

void run(const CorrelatorInput& in, model::FactSink& facts) {
  const auto holds = [&](std::string_view name) {
    const Fact* fact = in.known.find(name);
    return fact && model::truthy(fact->value);
  };
  const char* witness = holds("cert.served_older")         ? "cert.served_older"
                        : holds("cert.newer_than_workers") ? "cert.newer_than_workers"
                                                           : nullptr;
  if (!witness) return;
  const bool seen_served = in.known.find("cert.served_checked") != nullptr;
  // The file was only touched: what is served is what it holds.
  if (seen_served && !holds("cert.served_older")) return;
  for (const Reason& one : kReasons) {
    const Fact* fact = in.known.find(one.fact);
    if (!fact || model::truthy(fact->value) != one.wanted) continue;
    const Fact* shown = in.known.find(one.shows);
    const bool told = shown && model::truthy(shown->value);
    if (one.needed && !told) continue;
    const std::string says = one.says + (told ? ": " + model::to_text(shown->value) : "");
    facts.put("stale.reason", std::string(one.reason), fact->evidence);
    facts.put("stale.why", says, fact->evidence);
    return;
  }
  const Fact* file = in.known.find(witness);
  const Fact* newer = in.known.find("cert.newer_than_workers");
  const bool younger = newer && !model::truthy(newer->value);
  facts.put("stale.reason", std::string(younger ? "old-workers" : "not-reloaded"), file->evidence);
  facts.put("stale.why",
            std::string(younger ? "these workers are younger than the file, so others answer there"
                                : "nginx was not reloaded since"),
            file->evidence);
}

}  // namespace

const Correlator kStaleCertificate = {"stale_certificate", kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::correlate
