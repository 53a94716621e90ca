#include "libdiag/correlate/registry.h"

#include "libdiag/correlate/acme_moment.h"
#include "libdiag/correlate/acme_storm.h"
#include "libdiag/correlate/bursts.h"
#include "libdiag/correlate/onset.h"
#include "libdiag/correlate/stale_certificate.h"

namespace ngxdiag::correlate {

const std::vector<const Correlator*>& correlators() {
  static const std::vector<const Correlator*> kAll = {&kBursts, &kOnset, &kAcmeStorm,
                                                      &kStaleCertificate, &kAcmeMoment};
  return kAll;
}

}  // namespace ngxdiag::correlate
