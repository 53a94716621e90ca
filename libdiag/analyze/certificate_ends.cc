#include "libdiag/analyze/certificate_ends.h"

#include <algorithm>

namespace ngxdiag::analyze {
namespace {

using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"cert_ends.disk.*", Unit::kTime, "when the certificate in this file ends (UTC)"},
    {"cert_ends.served.*", Unit::kTime,
     "when the certificate that is served for this name, or by this socket, ends (UTC)"},
};

// A host of thousands of sites: those that end first are told.
constexpr size_t kMost = 100;

struct End {
  base::CivilTime time = 0;
  std::string name;
  const model::SourceRef* ref = nullptr;
};

void put_first(std::vector<End> ends, const std::string& family, model::FactSink& facts) {
  std::stable_sort(ends.begin(), ends.end(),
                   [](const End& a, const End& b) { return a.time < b.time; });
  if (ends.size() > kMost) ends.resize(kMost);
  // Of one name with several certificates (RSA and EC, IPv4 and IPv6) the first to end stays.
  for (auto it = ends.rbegin(); it != ends.rend(); ++it)
    facts.put(family + it->name, base::format_civil(it->time), *it->ref);
}

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  const CertificateEvidence& all = in.digest.certificates;
  std::vector<End> disk, served;
  for (const NamedCertificate& one : all.certificates)
    if (!one.bundle.certificates.empty() && one.bundle.certificates.front().not_after)
      disk.push_back({*one.bundle.certificates.front().not_after, one.file.path, &one.file.ref});
  for (const ServedCertificate& one : all.served)
    if (one.leaf && one.leaf->not_after)
      served.push_back({*one.leaf->not_after, one.name.empty() ? one.address : one.name, &one.ref});
  put_first(std::move(disk), "cert_ends.disk.", facts);
  put_first(std::move(served), "cert_ends.served.", facts);
}

}  // namespace

const Analyzer kCertificateEnds = {"certificate_ends",
                                   "When does each certificate end, on disk and as it is served?",
                                   kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::analyze
