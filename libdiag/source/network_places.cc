#include "libdiag/source/network_places.h"

#include <utility>

#include "libdiag/base/text.h"
#include "libdiag/source/surroundings.h"

namespace ngxdiag::source {
namespace {

using model::Kind;

bool is_enabled(const Files& files, const std::string& service) {
  return !files.glob("/etc/systemd/system/*.wants/" + service).empty();
}

std::string text_of(const Files& files, const std::string& path) {
  return files.read(path).bytes.value_or("");
}

}  // namespace

std::vector<Document> network_documents(const std::shared_ptr<const Files>& files) {
  std::vector<Document> out;
  const auto add = [&](const char* path, Kind kind) {
    if (files->info(path).exists) out.push_back(file_document(files, path, kind));
  };
  add("/etc/resolv.conf", Kind::kResolvConf);
  if (is_enabled(*files, "nftables.service")) add("/etc/nftables.conf", Kind::kFirewall);
  if (is_enabled(*files, "netfilter-persistent.service"))
    add("/etc/iptables/rules.v4", Kind::kFirewall);
  if (is_enabled(*files, "iptables.service")) add("/etc/sysconfig/iptables", Kind::kFirewall);
  const std::string ufw = text_of(*files, "/etc/ufw/ufw.conf");
  if (base::contains(ufw, "\nENABLED=yes") || ufw.starts_with("ENABLED=yes"))
    out.push_back(text_document("/etc/ufw",
                                ufw + "\n" + text_of(*files, "/etc/default/ufw") + "\n" +
                                    text_of(*files, "/etc/ufw/user.rules"),
                                Kind::kFirewall));
  return out;
}

}  // namespace ngxdiag::source
