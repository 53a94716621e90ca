// Files that tell how this host's network is set up: name servers, and the rules that its packet
// filter loads at boot. What the kernel has in force now cannot be read from a file.
#pragma once

#include <memory>
#include <vector>

#include "libdiag/source/evidence.h"

namespace ngxdiag::source {

// /etc/resolv.conf; and of packet filters those whose service is enabled: /etc/nftables.conf,
// /etc/iptables/rules.v4, /etc/sysconfig/iptables, ufw's settings and rules together.
std::vector<Document> network_documents(const std::shared_ptr<const Files>& files);

}  // namespace ngxdiag::source
