// What a piece of evidence is.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace ngxdiag::model {

enum class Kind {
  kUnknown,  // text that nothing recognised (still searched by rules that ask for "any")
  // nginx's error log, also framed by syslog, the journal or docker, bare `nginx: [emerg] …` lines,
  // and the untimestamped lines that land in it (assertions, malloc's reports, Lua's atpanic).
  kErrorLog,
  kAccessLog,
  kConfig,        // nginx.conf, an include, a fragment, `nginx -T`
  kNginxVersion,  // `nginx -V`, `nginx -v`
  kPs,            // ps output, pgrep, `wc -l` of it
  kKernelLog,     // dmesg, kern.log, journalctl -k
  kSystemd,       // journal text and systemctl status of units (not nginx's own lines)
  kAcmeLog,       // certbot, dehydrated, acme.sh
  kRenewalConf,   // settings, hooks and crontabs of ACME clients
  kModules,       // lists of packages or modules: dpkg -l, rpm -qa, `NAME VERSION`
  kListing,       // ls -l
  kSockets,       // ss, netstat, lsof, /proc/net/sockstat, sysctl of ports
  kBacktrace,     // gdb, coredumpctl, glibc
  kCertificate,   // PEM, `openssl x509 -text`
  kMaps,          // /proc/PID/maps
  kLimits,        // /proc/PID/limits
  kFirewall,      // nft list ruleset, iptables-save, ufw status, their files
  kResolvConf,    // /etc/resolv.conf
};

struct KindName {
  Kind kind;
  std::string_view name;
};

inline constexpr std::array<KindName, 19> kKindNames = {{
    {Kind::kUnknown, "text"},
    {Kind::kErrorLog, "error_log"},
    {Kind::kAccessLog, "access_log"},
    {Kind::kConfig, "config"},
    {Kind::kNginxVersion, "nginx_v"},
    {Kind::kPs, "ps"},
    {Kind::kKernelLog, "kernel"},
    {Kind::kSystemd, "systemd"},
    {Kind::kAcmeLog, "acme"},
    {Kind::kRenewalConf, "renewal"},
    {Kind::kModules, "modules"},
    {Kind::kListing, "listing"},
    {Kind::kSockets, "sockets"},
    {Kind::kBacktrace, "backtrace"},
    {Kind::kCertificate, "certificate"},
    {Kind::kMaps, "maps"},
    {Kind::kLimits, "limits"},
    {Kind::kFirewall, "firewall"},
    {Kind::kResolvConf, "resolv_conf"},
}};

inline std::string_view kind_name(Kind kind) {
  for (const KindName& entry : kKindNames)
    if (entry.kind == kind) return entry.name;
  return "text";
}

inline std::optional<Kind> kind_by_name(std::string_view name) {
  for (const KindName& entry : kKindNames)
    if (entry.name == name) return entry.kind;
  return std::nullopt;
}

}  // namespace ngxdiag::model
