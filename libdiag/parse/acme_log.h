// Logs and output of certbot, dehydrated and acme.sh. Examples:
//   2026-04-21 23:19:02,117:INFO:certbot._internal.auth_handler:http-01 challenge for
//   www7.example.net
//     Detail: 192.0.2.7: Invalid response from
//     http://www7.example.net/.well-known/acme-challenge/x: 504
//    + Challenge is valid!
//   [Tue Apr 21 23:19:02 CEST 2026] www7.example.net:Verify error:192.0.2.7: Invalid response from
//   …: 504
// Texts from certbot 2.1 (_internal/{auth_handler,renewal,main,hooks}.py, display/ops.py), its
// forerunners, dehydrated 0.7 and acme.sh 2 and 3.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "libdiag/base/time.h"

namespace ngxdiag::parse {

enum class AcmeEvent : uint8_t {
  kNone,
  kRunStarted,  // certbot's first lines ("certbot version: 2.1.0"), dehydrated "# INFO: Using main
                // config"
  kDomain,  // begins work on a domain or lineage: "Processing …/renewal/www1.example.net.conf";
            // certbot's "Domain: D" before the Type and Detail of its failure
  kChallengeStarted,  // "http-01 challenge for D", "+ Responding to challenge for D"
  kChallengeValid,    // "+ Challenge is valid!"
  kChallengeFailed,   // Detail/Type lines, "Challenge failed for domain D", "Invalid response from
                      // URL: 504": one failure is told by several lines
  kRenewed,  // "Writing full chain to …/archive/D/fullchain2.pem." at the moment it comes, then in
             // the list at the end of the run "…/live/D/fullchain.pem (success)", "+ Done!"
             // (dehydrated prints it twice), "Cert success."
  kFailed,  // "…/live/D/fullchain.pem (failure)", "Failed to renew certificate D with error: …"
  kNotDue,  // "Certificate not yet due for renewal", "Skipping renew!"
  kReload,  // the client reloads nginx: "Reloading nginx server", "nginx -s reload", deploy hook
  kOrderProcessing,  // "+ Order is processing..."
  kHookFailed,  // "Hook 'deploy-hook' reported error code 1", "… hook returned with non-zero exit
                // code"
  kRateLimited,  // urn:ietf:params:acme:error:rateLimited, 429
  kOtherError,   // any other ERROR line
};

struct AcmeLine {
  AcmeEvent event = AcmeEvent::kNone;
  std::string_view client;  // "certbot", "dehydrated", "acme.sh" when the line shows it
  std::optional<base::CivilTime> time;
  std::string_view domain;  // domain or lineage, "" unknown
  int http_status = 0;      // of a failed challenge: 504, 404 …
  std::string_view
      error_type;  // "unauthorized", "connection", "dns", "rateLimited" …; of a Detail without
                   // type what its text means ("Timeout during connect" is "connection")
};
// Empty when the line tells nothing of these. Framing (journal, docker) is stripped.
std::optional<AcmeLine> parse_acme_line(std::string_view line);

}  // namespace ngxdiag::parse
