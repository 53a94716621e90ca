#include "libdiag/correlate/registry.h"

#include "libdiag/correlate/acme_storm.h"
#include "libdiag/correlate/bursts.h"
#include "libdiag/correlate/onset.h"

namespace ngxdiag::correlate {

const std::vector<const Correlator*>& correlators() {
  static const std::vector<const Correlator*> kAll = {&kBursts, &kOnset, &kAcmeStorm};
  return kAll;
}

}  // namespace ngxdiag::correlate
