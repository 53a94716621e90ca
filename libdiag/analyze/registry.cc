#include "libdiag/analyze/registry.h"

#include "libdiag/analyze/acme.h"
#include "libdiag/analyze/acme_clients.h"
#include "libdiag/analyze/certificate_ends.h"
#include "libdiag/analyze/certificates.h"
#include "libdiag/analyze/challenge_paths.h"
#include "libdiag/analyze/configuration.h"
#include "libdiag/analyze/crashes.h"
#include "libdiag/analyze/firewall.h"
#include "libdiag/analyze/generations.h"
#include "libdiag/analyze/kernel.h"
#include "libdiag/analyze/known_bugs.h"
#include "libdiag/analyze/log_quality.h"
#include "libdiag/analyze/modules.h"
#include "libdiag/analyze/name_servers.h"
#include "libdiag/analyze/nchan_forecast.h"
#include "libdiag/analyze/nginx_binary.h"
#include "libdiag/analyze/processes.h"
#include "libdiag/analyze/reloads.h"
#include "libdiag/analyze/service_manager.h"
#include "libdiag/analyze/sockets.h"
#include "libdiag/analyze/stacks.h"
#include "libdiag/analyze/stale_workers.h"
#include "libdiag/analyze/tls_settings.h"
#include "libdiag/analyze/units.h"
#include "libdiag/analyze/zones.h"

namespace ngxdiag::analyze {

std::string Tables::owner(std::string_view kind, std::string_view text) const {
  const Witness* best = nullptr;
  if (text.empty()) return {};
  for (const Witness& witness : witnesses) {
    if (witness.kind != kind) continue;
    std::string_view want = witness.text;
    bool matches = false;
    if (kind == "path") {
      matches = text.find(want) != std::string_view::npos;
    } else if (want.ends_with('*')) {
      matches = text.starts_with(want.substr(0, want.size() - 1));
    } else {
      matches = text == want;
    }
    if (matches && (!best || witness.text.size() > best->text.size())) best = &witness;
  }
  return best ? best->slug : std::string();
}

const std::vector<const Analyzer*>& analyzers() {
  static const std::vector<const Analyzer*> kAll = {
      &kNginxBinary,   &kConfiguration,
      &kModules,    // after kConfiguration: whether the list is complete
      &kProcesses,  // after kConfiguration: how many workers there should be
      &kReloads,
      &kCrashes,  // after kReloads: whether the log shows who was leaving
      &kZones,         &kKernel,        &kStacks,
      &kGenerations,    // after kReloads
      &kStaleWorkers,   // after kConfiguration and kNginxBinary
      &kNchanForecast,  // after kModules, kConfiguration, kProcesses
      &kAcme,          &kCertificates,  &kCertificateEnds, &kUnits,
      &kLogQuality,    &kAcmeClients,   &kSockets,         &kFirewall,
      &kNameServers,   &kTlsSettings,   &kChallengePaths,  &kServiceManager,
      &kKnownBugs,  // after kNginxBinary and kConfiguration
  };
  return kAll;
}

}  // namespace ngxdiag::analyze
