// The tables of detectors, one for each theme; detector() looks through all of them.
#pragma once

#include <span>

#include "libdiag/audit/detectors.h"

namespace ngxdiag::audit {

std::span<const NamedDetector> capacity_detectors();  // descriptors, workers, zones, shutdown
std::span<const NamedDetector> context_detectors();   // where a directive may stand, since when
std::span<const NamedDetector> header_detectors();    // add_header and its kin, inheritance
std::span<const NamedDetector> location_detectors();  // alias, if, access, what is never reached
std::span<const NamedDetector> regex_detectors();     // regular expressions and captures
std::span<const NamedDetector> server_detectors();    // names, listens, defaults
std::span<const NamedDetector> tls_detectors();       // ciphers, HSTS, split settings
std::span<const NamedDetector> upstream_detectors();  // proxy_pass, resolvers, keepalive

}  // namespace ngxdiag::audit
