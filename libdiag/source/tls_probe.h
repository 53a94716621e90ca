// Which certificate does this host serve? A TLS handshake with its own listening sockets, never
// with another machine, for the first certificate that the server shows; nothing is verified, no
// request is sent.
#pragma once

#include <string>
#include <vector>

#include "libdiag/source/evidence.h"

namespace ngxdiag::source {

// One result for each target, in order: the certificate as DER, or why there is none. Takes at most
// 2 s in all, 300 ms for one handshake, 64 handshakes; equal targets are asked once, and a socket
// that stayed silent twice is not asked again. Addresses that are not this host's are refused.
std::vector<Fetched> probe_tls(const std::vector<TlsTarget>& targets);

// As TlsTarget has it: an address of one of this host's interfaces.
bool is_local_address(const std::string& address);

}  // namespace ngxdiag::source
