#include "libdiag/parse/acme_log.h"

#include <string>

#include <doctest/doctest.h>

using namespace ngxdiag;
using namespace ngxdiag::parse;

namespace {
AcmeLine read(std::string_view line) {
  const auto parsed = parse_acme_line(line);
  return parsed ? *parsed : AcmeLine{};
}
}  // namespace

TEST_CASE("certbot's log: a run, its lineages, its challenges") {
  auto line = read("2026-04-21 23:19:02,117:DEBUG:certbot._internal.main:certbot version: 2.1.0");
  CHECK(line.event == AcmeEvent::kRunStarted);
  CHECK(line.client == "certbot");
  CHECK(line.time == base::civil(2026, 4, 21, 23, 19, 2));
  line = read(
      "2026-04-21 23:19:02,117:DEBUG:certbot._internal.display.obj:Notifying user: Processing "
      "/etc/letsencrypt/renewal/www1.example.net.conf");
  CHECK(line.event == AcmeEvent::kDomain);
  CHECK(line.domain == "www1.example.net");
  line = read(
      "2026-04-21 23:19:02,117:INFO:certbot._internal.auth_handler:http-01 challenge for "
      "www7.example.net");
  CHECK(line.event == AcmeEvent::kChallengeStarted);
  CHECK(line.domain == "www7.example.net");
  line = read(
      "2026-04-21 23:19:02,117:INFO:certbot._internal.auth_handler:Challenge failed for domain "
      "www7.example.net");
  CHECK(line.event == AcmeEvent::kChallengeFailed);
  CHECK(line.domain == "www7.example.net");
  line = read(
      "2026-04-21 23:19:02,117:ERROR:certbot._internal.renewal:Failed to renew certificate "
      "www7.example.net with "
      "error: Some challenges have failed.");
  CHECK(line.event == AcmeEvent::kFailed);
  CHECK(line.domain == "www7.example.net");
  CHECK(read("2026-04-21 23:19:02,117:DEBUG:acme.client:Received response:").event ==
        AcmeEvent::kNone);
  CHECK_FALSE(parse_acme_line("2026-04-21 23:19:02,117:DEBUG:acme.client:Received response:"));
}

TEST_CASE("certbot's report of failed challenges") {
  CHECK(read("  Domain: www7.example.net").event == AcmeEvent::kDomain);
  CHECK(read("  Domain: www7.example.net").domain == "www7.example.net");
  auto line = read("  Type:   unauthorized");
  CHECK(line.event == AcmeEvent::kChallengeFailed);
  CHECK(line.error_type == "unauthorized");
  line = read(
      "  Detail: 192.0.2.7: Invalid response from "
      "http://www7.example.net/.well-known/acme-challenge/x: 504");
  CHECK(line.event == AcmeEvent::kChallengeFailed);
  CHECK(line.http_status == 504);
  CHECK(line.error_type == "unauthorized");
  line = read(
      "Detail: During secondary validation: 2a06:98c1:3121::1: Invalid response from "
      "http://test.example.net/.well-known/acme-challenge/Vc8OqajF2pYc6fHsFFOC: 522");
  CHECK(line.http_status == 522);
  line = read(
      "  Detail: 192.0.2.7: Fetching http://a/.well-known/acme-challenge/x: Timeout during connect "
      "(likely firewall problem)");
  CHECK(line.http_status == 0);
  CHECK(line.error_type == "connection");
  line = read("  Detail: DNS problem: NXDOMAIN looking up A for a.example.net");
  CHECK(line.error_type == "dns");
  line = read(
      "Detail: Invalid response from http://a/.well-known/acme-challenge/x [192.0.2.1]: "
      "\"<html><head><title>404 Not Found</title>\"");
  CHECK(line.http_status == 404);
}

TEST_CASE("JSON of the debug log") {
  CHECK(read("  \"type\": \"urn:ietf:params:acme:error:unauthorized\",").error_type ==
        "unauthorized");
  CHECK(read("  \"type\": \"urn:ietf:params:acme:error:rateLimited\",").event ==
        AcmeEvent::kRateLimited);
  CHECK_FALSE(parse_acme_line("  \"type\": \"urn:ietf:params:acme:error:badNonce\","));
  auto line = read(
      "      \"detail\": \"192.0.2.7: Invalid response from http://a/.well-known/acme-challenge/x: "
      "504\",");
  CHECK(line.event == AcmeEvent::kChallengeFailed);
  CHECK(line.http_status == 504);
  CHECK(read("\"status\": 504").http_status == 504);
  CHECK_FALSE(parse_acme_line("\"status\": 403"));
  CHECK_FALSE(parse_acme_line("\"status\": \"invalid\","));
  line = read(
      "\"detail\": \"Fetching https://my-domain.tld/.well-known/acme-challenge/asdf: Timeout "
      "during connect (likely firewall problem)\",");
  CHECK(line.error_type == "connection");
  CHECK(read("\"detail\": \"Error creating new account :: too many registrations for this IP: see "
             "https://letsencrypt.org/docs/rate-limits/\",")
            .event == AcmeEvent::kRateLimited);
}

TEST_CASE("certbot's summary on the terminal") {
  auto line = read("  /etc/letsencrypt/live/www1.example.net/fullchain.pem (success)");
  CHECK(line.event == AcmeEvent::kRenewed);
  CHECK(line.domain == "www1.example.net");
  CHECK(read("  /etc/letsencrypt/live/www7.example.net/fullchain.pem (failure)").event ==
        AcmeEvent::kFailed);
  line =
      read("  /etc/letsencrypt/live/a.example.net/fullchain.pem expires on 2026-07-01 (skipped)");
  CHECK(line.event == AcmeEvent::kNotDue);
  CHECK(line.domain == "a.example.net");
  CHECK(read("Processing /etc/letsencrypt/renewal/www1.example.net.conf").domain ==
        "www1.example.net");
  CHECK(read("Certificate not yet due for renewal").event == AcmeEvent::kNotDue);
  CHECK(read("Cert not yet due for renewal").event == AcmeEvent::kNotDue);
  CHECK(read("Renewing an existing certificate for a.example.net and b.example.net").domain ==
        "a.example.net");
  CHECK(read("Successfully received certificate.").event == AcmeEvent::kRenewed);
  CHECK_FALSE(parse_acme_line("- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -"));
}

TEST_CASE("certbot's hooks and reloads") {
  CHECK(read("2026-04-21 23:19:02,117:INFO:certbot.compat.misc:Running deploy-hook command: "
             "systemctl reload nginx")
            .event == AcmeEvent::kReload);
  CHECK_FALSE(parse_acme_line("Running pre-hook command: nginx -s stop"));
  CHECK(read("Reloading nginx server after certificate renewal").event == AcmeEvent::kReload);
  CHECK(read("new certificate deployed with reload of nginx server; fullchain is").event ==
        AcmeEvent::kReload);
  CHECK(read("2026-04-21 23:19:02,117:WARNING:certbot.display.ops:Hook 'deploy-hook' reported "
             "error code 1")
            .event == AcmeEvent::kHookFailed);
  CHECK(read("Hook command \"systemctl reload nginx\" returned error code 1").event ==
        AcmeEvent::kHookFailed);
  CHECK(read("2015-10-08 00:30:17,856:ERROR:letsencrypt_nginx.configurator:Nginx Restart Failed!")
            .event == AcmeEvent::kHookFailed);
}

TEST_CASE("old certbot") {
  auto line = read(
      "Failed authorization procedure. api.example.net (http-01): urn:acme:error:connection :: The "
      "server could not "
      "connect to the client to verify the domain :: Fetching "
      "http://api.example.net/.well-known/acme-challenge/x: "
      "Timeout. Skipping.");
  CHECK(line.event == AcmeEvent::kChallengeFailed);
  CHECK(line.domain == "api.example.net");
  CHECK(line.error_type == "connection");
  line = read(
      "Attempting to renew cert from /etc/letsencrypt/renewal/www.example.net.conf produced an "
      "unexpected error: Problem in /etc/nginx/sites-enabled/a. Skipping.");
  CHECK(line.event == AcmeEvent::kFailed);
  CHECK(line.domain == "www.example.net");
  line = read(
      "Attempting to renew cert from /etc/letsencrypt/renewal/www.example.net.conf produced an "
      "unexpected error: "
      "found conflicting /etc/letsencrypt/live/example.net/fullchain.pem. Skipping.");
  CHECK(line.domain == "www.example.net");
  line = read(
      "Attempting to renew cert (a.example.net) from /etc/letsencrypt/renewal/a.example.net.conf "
      "produced an unexpected error: urn:ietf:params:acme:error:rateLimited :: There were too many "
      "requests of a given type :: too many certificates already issued. Skipping.");
  CHECK(line.event == AcmeEvent::kRateLimited);
  CHECK(line.domain == "a.example.net");
  CHECK(line.error_type == "rateLimited");
  CHECK(read("Renewal configuration file /etc/letsencrypt/renewal/npm-1.conf is broken. The error "
             "was: expected x")
            .domain == "npm-1");
}

TEST_CASE("other errors of certbot") {
  auto line = read("2026-04-21 23:19:02,117:ERROR:certbot._internal.log:No installer is specified");
  CHECK(line.event == AcmeEvent::kOtherError);
  CHECK(read("An unexpected error occurred:").event == AcmeEvent::kOtherError);
  CHECK(read("HTTP 429").event == AcmeEvent::kRateLimited);
}

TEST_CASE("dehydrated") {
  CHECK(read("# INFO: Using main config file /etc/dehydrated/config").event ==
        AcmeEvent::kRunStarted);
  auto line = read("Processing www1.example.net with alternative names: example.net");
  CHECK(line.event == AcmeEvent::kDomain);
  CHECK(line.domain == "www1.example.net");
  CHECK(line.client == "dehydrated");
  CHECK(read("Processing www1.example.net").domain == "www1.example.net");
  line = read(" + Responding to challenge for www1.example.net authorization...");
  CHECK(line.event == AcmeEvent::kChallengeStarted);
  CHECK(line.domain == "www1.example.net");
  CHECK(read(" + Challenge is valid!").event == AcmeEvent::kChallengeValid);
  CHECK(read(" + Order is processing...").event == AcmeEvent::kOrderProcessing);
  CHECK(read(" + Done!").event == AcmeEvent::kRenewed);
  CHECK(
      read(" + Valid till Jul  1 00:00:00 2026 GMT (Longer than 30 days). Skipping renew!").event ==
      AcmeEvent::kNotDue);
  CHECK(read("ERROR: Challenge is invalid! (returned: invalid) (result: [\"type\"]\t\"http-01\"")
            .event == AcmeEvent::kChallengeFailed);
  line = read(
      "[\"error\",\"detail\"]\t\"192.0.2.7: Invalid response from "
      "http://a/.well-known/acme-challenge/x: 504\"");
  CHECK(line.http_status == 504);
  CHECK(read("[\"error\",\"type\"]\t\"urn:ietf:params:acme:error:unauthorized\"").error_type ==
        "unauthorized");
  CHECK(read("ERROR: deploy_challenge hook returned with non-zero exit code").event ==
        AcmeEvent::kHookFailed);
  CHECK(read("  + ERROR: An error occurred while sending post-request to https://acme/new-order "
             "(Status 429)")
            .event == AcmeEvent::kRateLimited);
  CHECK(read("ERROR: Problem connecting to server (get for https://acme/directory; curl returned "
             "with 6)")
            .event == AcmeEvent::kOtherError);
  CHECK_FALSE(parse_acme_line(" + Checking certificate..."));
  CHECK_FALSE(
      parse_acme_line("Unknown hook "
                      "\"this_hookscript_is_broken__dehydrated_is_working_fine__please_ignore_"
                      "unknown_hooks_in_your_script\""));
}

TEST_CASE("acme.sh") {
  auto line = read("[Tue Apr 21 23:18:20 CEST 2026] Cert success.");
  CHECK(line.event == AcmeEvent::kRenewed);
  CHECK(line.client == "acme.sh");
  CHECK(line.time == base::civil(2026, 4, 21, 23, 18, 20));
  CHECK(read("[Tue Apr 21 11:18:20 PM CEST 2026] Cert success.").time ==
        base::civil(2026, 4, 21, 23, 18, 20));
  line = read(
      "[Tue Apr 21 23:18:20 CEST 2026] a.example.net:Verify error:192.0.2.7: Invalid response from "
      "http://a.example.net/.well-known/acme-challenge/x: 504");
  CHECK(line.event == AcmeEvent::kChallengeFailed);
  CHECK(line.domain == "a.example.net");
  CHECK(line.http_status == 504);
  line = read(
      "[Tue Apr 21 23:18:20 CEST 2026] Invalid status, a.example.net:Verify error "
      "detail:192.0.2.7: Fetching http://a.example.net/: Connection refused");
  CHECK(line.domain == "a.example.net");
  CHECK(line.error_type == "connection");
  line = read(
      "[Tue Apr 21 23:18:20 CEST 2026] a.example.net: Invalid status. Verification error details: "
      "192.0.2.7: Invalid response from http://a.example.net/.well-known/acme-challenge/x: 404");
  CHECK(line.domain == "a.example.net");
  CHECK(line.http_status == 404);
  CHECK(read("[Tue Apr 21 23:18:20 CEST 2026] Renew: 'a.example.net'").domain == "a.example.net");
  CHECK(read("[Tue Apr 21 23:18:20 CEST 2026] Verifying: a.example.net").event ==
        AcmeEvent::kChallengeStarted);
  CHECK(read("[Tue Apr 21 23:18:20 CEST 2026] \x1b[1;32mSuccess\x1b[0m").event ==
        AcmeEvent::kChallengeValid);
  CHECK(read("[Tue Apr 21 23:18:20 CEST 2026] Run reload cmd: systemctl reload nginx").event ==
        AcmeEvent::kReload);
  CHECK(read("[Tue Apr 21 23:18:20 CEST 2026] Reload error for :").event == AcmeEvent::kHookFailed);
  CHECK(read("[Tue Apr 21 23:18:20 CEST 2026] Skip, Next renewal time is: Sat Jun 20").event ==
        AcmeEvent::kNotDue);
  CHECK(read("Order status is processing,lets sleep and retry.").event ==
        AcmeEvent::kOrderProcessing);
  CHECK(read("errordetail='Invalid response from "
             "http://website.com/.well-known/acme-challenge/2e0nUW_R: '")
            .event == AcmeEvent::kChallengeFailed);
  CHECK_FALSE(parse_acme_line("[Wed Jun 30 11:34:57 CST 2021] Lets finalize the order."));
}

TEST_CASE("certbot tells of a renewal when it writes the files") {
  const auto line = read(
      "2026-11-20 16:28:10,851:DEBUG:certbot._internal.storage:Writing full chain to "
      "/etc/letsencrypt/archive/www1.example.net/fullchain2.pem.");
  CHECK(line.event == AcmeEvent::kRenewed);
  CHECK(line.domain == "www1.example.net");
}

TEST_CASE("Pebble words a wrong status in its own way") {
  const auto line = read(
      "  Detail: Non-200 status code from HTTP: "
      "http://www2.example.net:80/.well-known/acme-challenge/x returned 504");
  CHECK(line.event == AcmeEvent::kChallengeFailed);
  CHECK(line.http_status == 504);
  CHECK(line.error_type == "unauthorized");
}

TEST_CASE("framed by the journal") {
  const auto line = read(
      "Apr 21 23:19:02 web1 certbot[877]: Failed to renew certificate www7.example.net with error: "
      "Some challenges have failed.");
  CHECK(line.event == AcmeEvent::kFailed);
  CHECK(line.domain == "www7.example.net");
}

TEST_CASE("other lines are empty, any bytes are harmless") {
  for (const std::string_view text :
       {"", "2026/04/21 23:18:20 [alert] 1#1: worker process 9 exited on signal 11",
        "Processing triggers for nginx (1.22.1-9) ...", "Processing request", "hello",
        "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">", "server { listen 80; }",
        "\"status\": 200", "Saving debug log to /var/log/letsencrypt/letsencrypt.log"})
    CHECK_FALSE(parse_acme_line(text));
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  parse_acme_line(all);
  parse_acme_line("Detail: " + all);
  parse_acme_line("[Tue Apr 99 99:99:99 XXXX 9999] " + all);
  parse_acme_line("2026-04-21 23:19:02,99999999999999999999999:ERROR:x:y");
}
