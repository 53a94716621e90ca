#include "libdiag/source/line_marks.h"

#include <array>
#include <cstdint>

#include "libdiag/source/literal_set.h"

namespace ngxdiag::source {
namespace {

using model::Kind;

struct Mark {
  std::string_view text;
  Kind kind;
};

// How a line of its kind begins (leading blanks removed).
constexpr std::array kBeginnings = {
    Mark{"nginx version: ", Kind::kNginxVersion},
    Mark{"Tengine version: ", Kind::kNginxVersion},
    Mark{"Angie version: ", Kind::kNginxVersion},
    Mark{"freenginx version: ", Kind::kNginxVersion},
    Mark{"openresty version: ", Kind::kNginxVersion},
    Mark{"built with OpenSSL", Kind::kNginxVersion},
    Mark{"built with LibreSSL", Kind::kNginxVersion},
    Mark{"built with BoringSSL", Kind::kNginxVersion},
    Mark{"built with AWS-LC", Kind::kNginxVersion},
    Mark{"built by ", Kind::kNginxVersion},
    Mark{"built on ", Kind::kNginxVersion},
    Mark{"TLS SNI support ", Kind::kNginxVersion},
    Mark{"configure arguments:", Kind::kNginxVersion},
    Mark{"running with OpenSSL", Kind::kNginxVersion},

    Mark{"*** Error in `", Kind::kErrorLog},
    Mark{"*** glibc detected", Kind::kErrorLog},
    Mark{"*** buffer overflow detected", Kind::kErrorLog},
    Mark{"*** stack smashing detected", Kind::kErrorLog},
    Mark{"*** bit out of range", Kind::kErrorLog},
    Mark{"Assertion failed: ", Kind::kErrorLog},
    Mark{"free(): ", Kind::kErrorLog},
    Mark{"malloc(): ", Kind::kErrorLog},
    Mark{"realloc(): ", Kind::kErrorLog},
    Mark{"malloc_consolidate(): ", Kind::kErrorLog},
    Mark{"munmap_chunk(): ", Kind::kErrorLog},
    Mark{"double free or corruption", Kind::kErrorLog},
    Mark{"corrupted size vs. prev_size", Kind::kErrorLog},
    Mark{"corrupted double-linked list", Kind::kErrorLog},
    Mark{"terminate called ", Kind::kErrorLog},
    Mark{"what():  ", Kind::kErrorLog},
    Mark{"pure virtual method called", Kind::kErrorLog},
    Mark{"stack traceback:", Kind::kErrorLog},
    Mark{"coroutine 0:", Kind::kErrorLog},
    Mark{"nginx: lua atpanic", Kind::kErrorLog},
    Mark{"nginx: the configuration file ", Kind::kErrorLog},
    Mark{"nginx: configuration file ", Kind::kErrorLog},
    Mark{"angie: the configuration file ", Kind::kErrorLog},
    Mark{"angie: configuration file ", Kind::kErrorLog},

    Mark{"#!", Kind::kUnknown},
    Mark{"# configuration file ", Kind::kConfig},

    Mark{"traps: ", Kind::kKernelLog},
    Mark{"kernel: ", Kind::kKernelLog},
    Mark{"Out of memory: ", Kind::kKernelLog},
    Mark{"Memory cgroup out of memory", Kind::kKernelLog},
    Mark{"oom-kill:", Kind::kKernelLog},
    Mark{"oom_reaper: ", Kind::kKernelLog},
    Mark{"type=AVC ", Kind::kKernelLog},
    Mark{"type=ANOM_ABEND ", Kind::kKernelLog},
    Mark{"type=SECCOMP ", Kind::kKernelLog},
    Mark{"audit: type=", Kind::kKernelLog},

    Mark{"systemd[", Kind::kSystemd},
    Mark{"Loaded: loaded", Kind::kSystemd},
    Mark{"Loaded: not-found", Kind::kSystemd},
    Mark{"Loaded: masked", Kind::kSystemd},
    Mark{"Active: ", Kind::kSystemd},
    Mark{"Main PID: ", Kind::kSystemd},
    Mark{"Drop-In: ", Kind::kSystemd},
    Mark{"CGroup: ", Kind::kSystemd},
    Mark{"TriggeredBy: ", Kind::kSystemd},
    Mark{"-- Logs begin at ", Kind::kSystemd},
    Mark{"-- Journal begins at ", Kind::kSystemd},
    Mark{"-- Boot ", Kind::kSystemd},
    Mark{"-- Reboot --", Kind::kSystemd},
    Mark{"-- No entries --", Kind::kSystemd},
    Mark{"[Unit]", Kind::kSystemd},
    Mark{"[Service]", Kind::kSystemd},
    Mark{"[Install]", Kind::kSystemd},
    Mark{"ExecStart=", Kind::kSystemd},
    Mark{"ExecReload=", Kind::kSystemd},
    Mark{"ExecStop=", Kind::kSystemd},
    Mark{"LimitNOFILE=", Kind::kSystemd},
    Mark{"Job for ", Kind::kSystemd},
    Mark{"\xe2\x97\x8f ", Kind::kSystemd},  // "● nginx.service - …"
    Mark{"\xc3\x97 ", Kind::kSystemd},      // "× nginx.service - …"

    Mark{"Saving debug log to ", Kind::kAcmeLog},
    Mark{"Plugins selected: ", Kind::kAcmeLog},
    Mark{"Attempting to renew cert", Kind::kAcmeLog},
    Mark{"Renewal configuration file ", Kind::kAcmeLog},
    Mark{"Failed authorization procedure", Kind::kAcmeLog},
    Mark{"Failed to renew certificate", Kind::kAcmeLog},
    Mark{"Challenge failed for domain", Kind::kAcmeLog},
    Mark{"Certbot failed to ", Kind::kAcmeLog},
    Mark{"Certbot has set up ", Kind::kAcmeLog},
    Mark{"Cert not yet due for renewal", Kind::kAcmeLog},
    Mark{"Certificate not yet due for renewal", Kind::kAcmeLog},
    Mark{"Cert is due for renewal", Kind::kAcmeLog},
    Mark{"Renewing an existing certificate", Kind::kAcmeLog},
    Mark{"Requesting a certificate for", Kind::kAcmeLog},
    Mark{"Obtaining a new certificate", Kind::kAcmeLog},
    Mark{"Performing the following challenges:", Kind::kAcmeLog},
    Mark{"Waiting for verification", Kind::kAcmeLog},
    Mark{"Cleaning up challenges", Kind::kAcmeLog},
    Mark{"Running pre-hook command", Kind::kAcmeLog},
    Mark{"Running post-hook command", Kind::kAcmeLog},
    Mark{"Running deploy-hook command", Kind::kAcmeLog},
    Mark{"Hook command ", Kind::kAcmeLog},
    Mark{"Hook '", Kind::kAcmeLog},
    Mark{"Error output from ", Kind::kAcmeLog},
    Mark{"Output from ", Kind::kAcmeLog},
    Mark{"new certificate deployed with", Kind::kAcmeLog},
    Mark{"Congratulations, all renewals succeeded", Kind::kAcmeLog},
    Mark{"All renewal attempts failed", Kind::kAcmeLog},
    Mark{"The following certs ", Kind::kAcmeLog},
    Mark{"The following certificates ", Kind::kAcmeLog},
    Mark{"Type:   ", Kind::kAcmeLog},
    Mark{"Detail: ", Kind::kAcmeLog},
    Mark{"\"detail\": ", Kind::kAcmeLog},
    Mark{"\"addressUsed\"", Kind::kAcmeLog},
    Mark{"\"validationRecord\"", Kind::kAcmeLog},
    Mark{"\"type\": \"urn:", Kind::kAcmeLog},
    Mark{"\"type\": \"http-01\"", Kind::kAcmeLog},
    Mark{"errordetail=", Kind::kAcmeLog},
    Mark{"# INFO: Using main config file", Kind::kAcmeLog},
    Mark{"# INFO: Running ", Kind::kAcmeLog},
    Mark{"ERROR: Challenge is invalid!", Kind::kAcmeLog},
    Mark{"Order status is ", Kind::kAcmeLog},
    Mark{"Timed out waiting for processing of order", Kind::kAcmeLog},

    Mark{"[renewalparams]", Kind::kRenewalConf},
    Mark{"[[webroot_map]]", Kind::kRenewalConf},
    Mark{"renew_before_expiry = ", Kind::kRenewalConf},
    Mark{"# renew_before_expiry = ", Kind::kRenewalConf},
    Mark{"archive_dir = ", Kind::kRenewalConf},
    Mark{"authenticator = ", Kind::kRenewalConf},
    Mark{"installer = ", Kind::kRenewalConf},
    Mark{"renew_hook = ", Kind::kRenewalConf},
    Mark{"pre_hook = ", Kind::kRenewalConf},
    Mark{"post_hook = ", Kind::kRenewalConf},
    Mark{"webroot_path = ", Kind::kRenewalConf},
    Mark{"key_type = ", Kind::kRenewalConf},
    Mark{"fullchain = ", Kind::kRenewalConf},
    Mark{"privkey = ", Kind::kRenewalConf},
    Mark{"cert = /", Kind::kRenewalConf},
    Mark{"chain = /", Kind::kRenewalConf},
    Mark{"server = http", Kind::kRenewalConf},
    Mark{"reuse_key = ", Kind::kRenewalConf},
    Mark{"deploy_hook = ", Kind::kRenewalConf},
    Mark{"deploy-hook = ", Kind::kRenewalConf},
    Mark{"Le_", Kind::kRenewalConf},
    Mark{"WELLKNOWN=", Kind::kRenewalConf},
    Mark{"DOMAINS_TXT=", Kind::kRenewalConf},
    Mark{"CHALLENGETYPE=", Kind::kRenewalConf},
    Mark{"HOOK=", Kind::kRenewalConf},
    Mark{"ORDER_TIMEOUT=", Kind::kRenewalConf},
    Mark{"OCSP_FETCH=", Kind::kRenewalConf},

    Mark{"Desired=Unknown/Install/", Kind::kModules},
    Mark{"||/ Name ", Kind::kModules},
    Mark{"ii  ", Kind::kModules},
    Mark{"rc  ", Kind::kModules},
    Mark{"iU  ", Kind::kModules},
    Mark{"iF  ", Kind::kModules},
    Mark{"hi  ", Kind::kModules},

    Mark{"Netid ", Kind::kSockets},
    Mark{"State  ", Kind::kSockets},
    Mark{"Proto Recv-Q", Kind::kSockets},
    Mark{"Active Internet connections", Kind::kSockets},
    Mark{"Active UNIX domain sockets", Kind::kSockets},
    Mark{"LISTEN ", Kind::kSockets},
    Mark{"ESTAB ", Kind::kSockets},
    Mark{"CLOSE-WAIT ", Kind::kSockets},
    Mark{"TIME-WAIT ", Kind::kSockets},
    Mark{"COMMAND  ", Kind::kSockets},
    Mark{"net.ipv4.ip_local_port_range", Kind::kSockets},
    Mark{"TCP: inuse ", Kind::kSockets},

    Mark{":INPUT ", Kind::kFirewall},
    Mark{"-A INPUT ", Kind::kFirewall},
    Mark{"-P INPUT ", Kind::kFirewall},
    Mark{"-A ufw", Kind::kFirewall},
    Mark{"*filter", Kind::kFirewall},
    Mark{"Chain INPUT", Kind::kFirewall},
    Mark{"table inet ", Kind::kFirewall},
    Mark{"table ip ", Kind::kFirewall},
    Mark{"type filter hook ", Kind::kFirewall},
    Mark{"Status: active", Kind::kFirewall},
    Mark{"Status: inactive", Kind::kFirewall},

    Mark{"nameserver ", Kind::kResolvConf},

    Mark{"Program terminated with signal", Kind::kBacktrace},
    Mark{"Program received signal", Kind::kBacktrace},
    Mark{"Core was generated by", Kind::kBacktrace},
    Mark{"[New LWP ", Kind::kBacktrace},
    Mark{"[New Thread ", Kind::kBacktrace},
    Mark{"[Switching to ", Kind::kBacktrace},
    Mark{"[Current thread is ", Kind::kBacktrace},
    Mark{"[Thread debugging using", Kind::kBacktrace},
    Mark{"Using host libthread_db", Kind::kBacktrace},
    Mark{"Reading symbols from ", Kind::kBacktrace},
    Mark{"Missing separate debuginfo", Kind::kBacktrace},
    Mark{"(gdb)", Kind::kBacktrace},
    Mark{"Stack trace of thread ", Kind::kBacktrace},
    Mark{"======= Backtrace: ", Kind::kBacktrace},
    Mark{"Command Line: ", Kind::kBacktrace},
    Mark{"Executable: ", Kind::kBacktrace},
    Mark{"Message: Process ", Kind::kBacktrace},
    Mark{"[<0>] ", Kind::kBacktrace},
    Mark{"[<ffffffff", Kind::kBacktrace},

    Mark{"-----BEGIN CERTIFICATE", Kind::kCertificate},
    Mark{"-----BEGIN TRUSTED CERTIFICATE", Kind::kCertificate},
    Mark{"-----BEGIN X509", Kind::kCertificate},
    Mark{"-----END CERTIFICATE", Kind::kCertificate},
    Mark{"Certificate:", Kind::kCertificate},
    Mark{"Certificate chain", Kind::kCertificate},
    Mark{"notAfter=", Kind::kCertificate},
    Mark{"notBefore=", Kind::kCertificate},
    Mark{"subject=", Kind::kCertificate},
    Mark{"issuer=", Kind::kCertificate},
    Mark{"Not After :", Kind::kCertificate},
    Mark{"Not Before:", Kind::kCertificate},
    Mark{"Subject Public Key Info:", Kind::kCertificate},
    Mark{"X509v3 ", Kind::kCertificate},
    Mark{"verify error:num=", Kind::kCertificate},
    Mark{"Verify return code:", Kind::kCertificate},

    Mark{"======= Memory map: ", Kind::kMaps},
    Mark{"Limit                     Soft Limit", Kind::kLimits},
};

// Chains of kBeginnings by first byte.
struct Chains {
  std::array<uint8_t, 256> first{};  // index + 1, 0 none
  std::array<uint8_t, kBeginnings.size()> next{};
};
constexpr Chains chained() {
  static_assert(kBeginnings.size() < 255);
  Chains out;
  for (size_t i = kBeginnings.size(); i > 0; --i) {
    uint8_t& head = out.first[static_cast<unsigned char>(kBeginnings[i - 1].text[0])];
    out.next[i - 1] = head;
    head = static_cast<uint8_t>(i);
  }
  return out;
}
constexpr Chains kChains = chained();

// What decides wherever it stands in a line; the first of them wins.
constexpr std::array kDeciding = {
    Mark{": Assertion `", Kind::kErrorLog},
    Mark{": Assertion '", Kind::kErrorLog},
    Mark{" lua atpanic: ", Kind::kErrorLog},
    Mark{"segfault at ", Kind::kKernelLog},
    Mark{" general protection fault", Kind::kKernelLog},
    Mark{" trap invalid opcode", Kind::kKernelLog},
    Mark{" trap divide error", Kind::kKernelLog},
    Mark{" invoked oom-killer", Kind::kKernelLog},
    Mark{"Killed process ", Kind::kKernelLog},
    Mark{".service: ", Kind::kSystemd},
    Mark{"urn:ietf:params:acme", Kind::kAcmeLog},
    Mark{"urn:acme:error", Kind::kAcmeLog},
    Mark{"/.well-known/acme-challenge/", Kind::kAcmeLog},
    Mark{"users:((\"", Kind::kSockets},
};

constexpr auto kTitles = std::to_array<std::string_view>(
    {"nginx: master process", "nginx: worker process", "nginx: cache ", "nginx: privileged agent",
     "angie: master process", "angie: worker process", "angie: cache "});

constexpr auto kFrames = std::to_array<std::string_view>({") at "});

// Words of messages that people paste without time, level and pid.
constexpr auto kMessages = std::to_array<std::string_view>({
    " exited on signal ",
    " exited with code ",
    " exited with fatal code ",
    "shared memory zone \"",
    "worker_connections are not enough",
    "() failed (",
    "() failed SSL: ",
    "() failed while ",
    "ngx_slab_alloc() failed",
    "could not allocate ",
    " while connecting to upstream",
    " while reading response header from upstream",
    " while reading upstream",
    " while SSL handshaking",
    " while requesting certificate status",
    "upstream sent ",
    "upstream timed out",
    "upstream prematurely closed",
    "no live upstreams",
    "host not found in upstream",
    " could not be resolved (",
    "unknown directive \"",
    " instead of ",
    "\" failed (",
    "invalid number of arguments in \"",
    "directive is not allowed here",
    "directive is duplicate",
    " is not binary compatible",
    "no \"ssl_certificate\" is defined",
    "cache file ",
    "limiting requests, excess",
    "client intended to send too large body",
    "conflicting server name",
    "open socket #",
    "signal process started",
    "invalid PID number",
});

constexpr size_t kTitlesAt = kDeciding.size(), kFramesAt = kTitlesAt + kTitles.size(),
                 kMessagesAt = kFramesAt + kFrames.size(), kAll = kMessagesAt + kMessages.size();

constexpr std::array<std::string_view, kAll> all_literals() {
  std::array<std::string_view, kAll> out{};
  size_t at = 0;
  for (const Mark& mark : kDeciding) out[at++] = mark.text;
  for (const std::string_view text : kTitles) out[at++] = text;
  for (const std::string_view text : kFrames) out[at++] = text;
  for (const std::string_view text : kMessages) out[at++] = text;
  return out;
}
constexpr LiteralSet kLiterals(all_literals());

}  // namespace

std::optional<Kind> kind_by_beginning(std::string_view line) {
  if (line.empty()) return std::nullopt;
  for (size_t i = kChains.first[static_cast<unsigned char>(line[0])]; i > 0;
       i = kChains.next[i - 1])
    if (line.substr(0, kBeginnings[i - 1].text.size()) == kBeginnings[i - 1].text)
      return kBeginnings[i - 1].kind;
  return std::nullopt;
}

Inside find_inside(std::string_view line) {
  Inside out;
  const auto hits = kLiterals.find(line);
  if (hits.none()) return out;
  for (size_t i = kDeciding.size(); i > 0; --i)
    if (hits[i - 1]) out.kind = kDeciding[i - 1].kind;
  for (size_t i = kTitlesAt; i < kFramesAt; ++i) out.title |= hits[i];
  for (size_t i = kFramesAt; i < kMessagesAt; ++i) out.frame |= hits[i];
  for (size_t i = kMessagesAt; i < kAll; ++i) out.message |= hits[i];
  return out;
}

}  // namespace ngxdiag::source
