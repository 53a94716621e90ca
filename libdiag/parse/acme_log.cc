#include "libdiag/parse/acme_log.h"

#include <array>
#include <utility>

#include "libdiag/parse/log_frame.h"
#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

constexpr std::string_view kCertbot = "certbot", kDehydrated = "dehydrated", kAcmeSh = "acme.sh";

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > 255) return false;
  for (const char c : text)
    if (!is_alpha(c) && !is_digit(c) && c != '.' && c != '-' && c != '_' && c != '*' &&
        static_cast<unsigned char>(c) < 0x80)
      return false;
  return true;
}

// The name at the front of `text`, without quotes and what a sentence puts behind it.
std::string_view name_at(std::string_view text) {
  if (text.starts_with('\'') || text.starts_with('"')) text.remove_prefix(1);
  text = text.substr(0, text.find_first_of(" \t'\",;:()"));
  while (text.ends_with('.')) text.remove_suffix(1);
  return is_name(text) ? text : std::string_view();
}

std::string_view name_after(std::string_view text, std::string_view key) {
  const size_t at = text.find(key);
  return at == std::string_view::npos ? std::string_view() : name_at(text.substr(at + key.size()));
}

// "/etc/letsencrypt/live/D/fullchain.pem", "/etc/letsencrypt/renewal/D.conf": the first of the
// line.
std::string_view lineage_of(std::string_view text) {
  const size_t live = text.find("/live/");
  const size_t renewal = text.find("/renewal/");
  if (live == std::string_view::npos && renewal == std::string_view::npos) return {};
  std::string_view name = live < renewal ? text.substr(live + 6) : text.substr(renewal + 9);
  name = name.substr(0, live < renewal ? name.find('/') : name.find(".conf"));
  return is_name(name) ? name : std::string_view();
}

// "urn:ietf:params:acme:error:unauthorized", also "urn:acme:error:…" of the first version.
std::string_view error_type_of(std::string_view text) {
  const size_t at = text.find(":acme:error:");
  if (at == std::string_view::npos || !contains(text.substr(0, at), "urn:")) return {};
  std::string_view rest = text.substr(at + 12);
  size_t end = 0;
  while (end < rest.size() && is_alpha(rest[end])) ++end;
  return rest.substr(0, end);
}

// What a detail says when no type stands beside it (texts of Let's Encrypt's boulder).
std::string_view meaning_of(std::string_view detail) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kMeanings{{
      {"Timeout during connect", "connection"},
      {"Timeout after connect", "connection"},
      {": Timeout", "connection"},
      {"Connection refused", "connection"},
      {"Connection reset", "connection"},
      {"Error getting validation data", "connection"},
      {"could not connect to the client", "connection"},
      {"DNS problem", "dns"},
      {"No valid IP addresses", "dns"},
      {"CAA record", "caa"},
      {"Invalid response from", "unauthorized"},
      {"Non-200 status code from HTTP", "unauthorized"},
      {"The key authorization file from the server did not match", "unauthorized"},
  }};
  for (const auto& [text, type] : kMeanings)
    if (contains(detail, text)) return type;
  return {};
}

bool is_status(int64_t number) { return number >= 100 && number <= 599; }

// The status a validation got: "…/acme-challenge/x: 504", "… [192.0.2.1]: 404", "<title>404 Not
// Found".
int status_of(std::string_view detail) {
  while (!detail.empty() && contains("\"', .", detail.substr(detail.size() - 1)))
    detail.remove_suffix(1);
  int64_t number = 0;
  if (detail.size() > 5) {
    std::string_view tail = detail.substr(detail.size() - 5);
    if (eat(tail, ": ") && eat_number(tail, number) && tail.empty() && is_status(number))
      return static_cast<int>(number);
  }
  // Pebble: "Non-200 status code from HTTP: URL returned 504".
  if (const size_t at = detail.rfind(" returned "); at != std::string_view::npos) {
    std::string_view rest = detail.substr(at + 10);
    if (eat_number(rest, number) && rest.empty() && is_status(number))
      return static_cast<int>(number);
  }
  if (const size_t at = detail.find("<title>"); at != std::string_view::npos) {
    std::string_view rest = detail.substr(at + 7);
    skip_blanks(rest);
    if (eat_number(rest, number) && is_status(number)) return static_cast<int>(number);
  }
  return 0;
}

bool limits_rate(std::string_view text) {
  for (const std::string_view part :
       {"acme:error:rateLimited", "too many certificates", "too many failed authorizations",
        "too many registrations", "too many new orders", "too many currently pending",
        "Rate limit exceeded", "too many requests of a given type"})
    if (contains(text, part)) return true;
  return false;
}

// A hook or command that makes nginx read its certificates again.
bool reloads_nginx(std::string_view command) {
  if (!contains(command, "nginx") && !contains(command, "openresty")) return false;
  for (const std::string_view verb : {"reload", "restart", "-HUP", "force-reload"})
    if (contains(command, verb)) return true;
  return false;
}

void failed_challenge(std::string_view detail, AcmeLine& out) {
  out.event = AcmeEvent::kChallengeFailed;
  out.http_status = status_of(detail);
  if (out.error_type.empty()) out.error_type = error_type_of(detail);
  if (out.error_type.empty()) out.error_type = meaning_of(detail);
}

// Lines of JSON in certbot's debug log and dehydrated's result: `"type": "urn:…"`, `"detail": "…:
// 504"`,
// `"status": 504`, `["error","detail"]	"…: 504"`.
bool read_json(std::string_view text, AcmeLine& out) {
  if (eat(text, "[\"")) {
    const size_t end = text.find("\"]");
    if (end == std::string_view::npos) return false;
    const std::string_view path = text.substr(0, end);
    const size_t quote = path.rfind('"');
    const std::string_view key = quote == std::string_view::npos ? path : path.substr(quote + 1);
    if (!contains(path, "error")) return false;
    out.client = kDehydrated;
    text.remove_prefix(end + 2);
    skip_blanks(text);
    if (key == "detail")
      failed_challenge(text, out);
    else if (key == "type" && !(out.error_type = error_type_of(text)).empty())
      out.event = AcmeEvent::kChallengeFailed;
    return out.event != AcmeEvent::kNone;
  }
  if (eat(text, "\"type\": \"urn:") || eat(text, "\"type\":\"urn:")) {
    const size_t at = text.find("acme:error:");
    if (at == std::string_view::npos) return false;
    std::string_view type = text.substr(at + 11);
    size_t end = 0;
    while (end < type.size() && is_alpha(type[end])) ++end;
    out.error_type = type.substr(0, end);
    // A used nonce is answered with a fresh one and tried again.
    if (out.error_type.empty() || out.error_type == "badNonce") return false;
    out.event =
        out.error_type == "rateLimited" ? AcmeEvent::kRateLimited : AcmeEvent::kChallengeFailed;
    return true;
  }
  if (eat(text, "\"detail\": ") || eat(text, "\"detail\":")) {
    if (limits_rate(text)) {
      out.event = AcmeEvent::kRateLimited;
      out.error_type = "rateLimited";
      return true;
    }
    if (meaning_of(text).empty() && status_of(text) == 0) return false;
    failed_challenge(text, out);
    return true;
  }
  if (eat(text, "\"status\": ") || eat(text, "\"status\":")) {
    int64_t number = 0;
    if (!eat_number(text, number) || !is_status(number)) return false;
    // 400 and 403 are how ACME itself says dns, connection and unauthorized: no answer of the site.
    if (number != 404 && number < 500 && number != 429) return false;
    out.event = number == 429 ? AcmeEvent::kRateLimited : AcmeEvent::kChallengeFailed;
    if (number != 429) out.http_status = static_cast<int>(number);
    return true;
  }
  return false;
}

// "2026-04-21 23:19:02,117:DEBUG:acme.client:…": takes time, level and logger off.
bool eat_certbot_head(std::string_view& rest, std::string_view& level,
                      std::optional<base::CivilTime>& time) {
  if (rest.size() < 25 || rest[4] != '-' || rest[19] != ',') return false;
  std::string_view text = rest.substr(20);
  int64_t fraction = 0;
  if (!eat_number(text, fraction) || !eat(text, ":")) return false;
  const size_t level_end = text.find(':');
  if (level_end == std::string_view::npos || level_end > 10) return false;
  const size_t logger_end = text.find(':', level_end + 1);
  if (logger_end == std::string_view::npos || logger_end > 120) return false;
  level = text.substr(0, level_end);
  time = base::parse_civil(rest);
  rest = text.substr(logger_end + 1);
  eat(rest, "Notifying user: ");
  return true;
}

// certbot's summary: "  /etc/letsencrypt/live/D/fullchain.pem (success)".
bool read_summary(std::string_view text, AcmeLine& out) {
  static constexpr std::array<std::pair<std::string_view, AcmeEvent>, 4> kEnds{{
      {" (success)", AcmeEvent::kRenewed},
      {" (failure)", AcmeEvent::kFailed},
      {" (skipped)", AcmeEvent::kNotDue},
      {" (parsefail)", AcmeEvent::kFailed},
  }};
  for (const auto& [end, event] : kEnds) {
    if (!text.ends_with(end)) continue;
    out.domain = lineage_of(text);
    out.event = event;
    return !out.domain.empty();
  }
  return false;
}

bool set(AcmeLine& out, AcmeEvent event, std::string_view domain = {}) {
  out.event = event;
  out.domain = domain;
  return true;
}

// "Failed authorization procedure. D (http-01): urn:acme:error:connection :: …" of certbot
// before 1.0; one line may list several domains, the first counts.
bool read_old_failure(std::string_view text, AcmeLine& out) {
  if (!contains(text, "Failed authorization procedure")) return false;
  failed_challenge(text.ends_with("Skipping.") ? text.substr(0, text.size() - 9) : text, out);
  out.domain = name_after(text, "procedure. ");
  return true;
}

bool read_certbot(std::string_view text, AcmeLine& out) {
  std::string_view rest = text;
  if (eat(rest, "certbot version: ")) return set(out, AcmeEvent::kRunStarted);
  if (eat(rest, "Processing ") && contains(rest, "/renewal/"))
    return set(out, AcmeEvent::kDomain, lineage_of(rest));
  if (read_summary(text, out)) return true;
  if (contains(text, "Failed to renew certificate ")) {
    set(out, AcmeEvent::kFailed, name_after(text, "Failed to renew certificate "));
  } else if (contains(text, "Attempting to renew cert")) {
    out.event = AcmeEvent::kFailed;
    out.domain = name_after(text, "renew cert (");
    if (out.domain.empty()) out.domain = lineage_of(text);
  } else if (text.starts_with("Renewal configuration file ") && contains(text, "is broken")) {
    set(out, AcmeEvent::kFailed, lineage_of(text));
  }
  if (out.event == AcmeEvent::kFailed) {
    if (limits_rate(text)) out.event = AcmeEvent::kRateLimited;
    out.http_status = status_of(text);
    out.error_type = error_type_of(text);
    return true;
  }
  if (read_old_failure(text, out)) return true;
  if (limits_rate(text)) {
    out.error_type = "rateLimited";
    return set(out, AcmeEvent::kRateLimited);
  }
  for (const std::string_view kind : {"http-01", "dns-01", "tls-alpn-01", "tls-sni-01"})
    if (rest = text; eat(rest, kind) && eat(rest, " challenge for "))
      return set(out, AcmeEvent::kChallengeStarted, name_at(rest));
  if (rest = text; eat(rest, "Challenge failed for domain "))
    return set(out, AcmeEvent::kChallengeFailed, name_at(rest));
  if (text.starts_with("Some challenges have failed")) return set(out, AcmeEvent::kChallengeFailed);
  if (rest = text; eat(rest, "Domain: ")) return set(out, AcmeEvent::kDomain, name_at(rest));
  if (rest = text; eat(rest, "Type: ")) {
    skip_blanks(rest);
    out.error_type = error_type_of(rest);
    if (out.error_type.empty()) out.error_type = name_at(rest);
    return set(out, out.error_type == "rateLimited" ? AcmeEvent::kRateLimited
                                                    : AcmeEvent::kChallengeFailed);
  }
  if (rest = text; eat(rest, "Detail: ")) {
    failed_challenge(rest, out);
    return true;
  }
  if (contains(text, "not yet due for renewal") || contains(text, "not due for renewal yet") ||
      contains(text, "Cert not due for renewal"))
    return set(out, AcmeEvent::kNotDue);
  for (const std::string_view verb :
       {"Renewing an existing certificate for ", "Requesting a certificate for "})
    if (rest = text; eat(rest, verb)) return set(out, AcmeEvent::kDomain, name_at(rest));
  if (text.starts_with("Successfully received certificate") ||
      contains(text, "new certificate deployed without reload"))
    return set(out, AcmeEvent::kRenewed, lineage_of(text));
  // The moment itself; the list with "(success)" comes when the whole run has ended.
  if (rest = text; eat(rest, "Writing full chain to ")) {
    const size_t archive = rest.find("/archive/");
    if (archive == std::string_view::npos) return false;
    rest.remove_prefix(archive + 9);
    rest = rest.substr(0, rest.find('/'));
    return is_name(rest) && set(out, AcmeEvent::kRenewed, rest);
  }
  if (contains(text, "Reloading nginx server") ||
      contains(text, "certificate deployed with reload of nginx"))
    return set(out, AcmeEvent::kReload, lineage_of(text));
  if (text.starts_with("Running ") && contains(text, "-hook command: "))
    return reloads_nginx(text) && set(out, AcmeEvent::kReload);
  if (contains(text, "reported error code ") || contains(text, "returned error code ") ||
      contains(text, "nginx restart failed") || contains(text, "Nginx Restart Failed"))
    return set(out, AcmeEvent::kHookFailed);
  return false;
}

// " + Order is processing...", "ERROR: …" of dehydrated.
bool read_dehydrated(std::string_view text, AcmeLine& out) {
  std::string_view rest = text;
  out.client = kDehydrated;
  if (eat(rest, "# INFO: Using main config file")) return set(out, AcmeEvent::kRunStarted);
  if (eat(rest, "Processing ")) {
    const std::string_view domain = name_at(rest);
    const std::string_view after = rest.substr(domain.size());
    // certbot says "Processing /etc/…"; prose goes on otherwise.
    if (domain.find('.') != std::string_view::npos &&
        (after.empty() || after.starts_with(" with alternative names")))
      return set(out, AcmeEvent::kDomain, domain);
    return false;
  }
  if (eat(rest, "+ ")) {
    skip_blanks(rest);
    if (std::string_view name = rest; eat(name, "Responding to challenge for "))
      return set(out, AcmeEvent::kChallengeStarted, name_at(name));
    if (rest.starts_with("Challenge is valid!")) return set(out, AcmeEvent::kChallengeValid);
    if (rest.starts_with("Challenge validation has failed"))
      return set(out, AcmeEvent::kChallengeFailed);
    if (rest.starts_with("Order is ")) return set(out, AcmeEvent::kOrderProcessing);
    if (rest.starts_with("Done!")) return set(out, AcmeEvent::kRenewed);
    if (contains(rest, "Skipping renew!")) return set(out, AcmeEvent::kNotDue);
    if (rest.starts_with("ERROR: ")) {
      if (contains(rest, "(Status 429)")) {
        out.error_type = "rateLimited";
        return set(out, AcmeEvent::kRateLimited);
      }
      return set(out, AcmeEvent::kOtherError);
    }
    return false;
  }
  if (text == "Skipping renew!") return set(out, AcmeEvent::kNotDue);
  if (eat(rest, "ERROR: ")) {
    if (rest.starts_with("Challenge is invalid!") || rest.starts_with("Challenge unauthorized")) {
      failed_challenge(rest, out);
      return true;
    }
    if (contains(rest, "hook returned with non-zero exit code"))
      return set(out, AcmeEvent::kHookFailed);
    if (contains(rest, "Timed out waiting for processing of order"))
      return set(out, AcmeEvent::kFailed);
    return set(out, AcmeEvent::kOtherError);
  }
  return false;
}

void skip_colours(std::string_view& text) {
  while (text.starts_with("\x1b[")) {
    const size_t end = text.substr(0, 16).find('m');
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
  if (const size_t end = text.find("\x1b[0m"); end != std::string_view::npos)
    text = text.substr(0, end);
}

// "[Tue Apr 21 23:19:02 CEST 2026] " of date(1), as far as it is English.
bool eat_date_head(std::string_view& rest, std::optional<base::CivilTime>& time) {
  if (!rest.starts_with('[')) return false;
  const size_t end = rest.find("] ");
  if (end == std::string_view::npos || end < 20 || end > 48) return false;
  const std::string_view stamp = rest.substr(1, end - 1);
  if (stamp.size() < 23 || stamp[3] != ' ' || stamp[13] != ':' || !is_digit(stamp.back()))
    return false;
  std::string_view year_text = stamp.substr(stamp.size() - 4);
  int64_t year = 0;
  if (!eat_number(year_text, year) || !year_text.empty()) return false;
  const auto middle = base::civil(static_cast<int>(year), 7, 1);
  if (middle) time = base::parse_syslog_time(stamp.substr(4, 15), *middle);
  if (time && contains(stamp, " PM ") && *time % 86400 < 12 * 3600) *time += 12 * 3600;
  rest.remove_prefix(end + 2);
  return true;
}

// `sure`: the line began with acme.sh's date.
bool read_acme_sh(std::string_view text, bool sure, AcmeLine& out) {
  std::string_view rest = text;
  out.client = kAcmeSh;
  if (const size_t at = text.find(":Verify error:"); at != std::string_view::npos) {
    failed_challenge(text.substr(at + 14), out);
    out.domain = name_at(text.substr(0, at));
    return true;
  }
  // 3.1: "D: Invalid status. Verification error details: …"; 3.0: "Invalid status, D:Verify error
  // detail:…"
  for (const std::string_view key :
       {"Verify error detail:", "Verification error details: ", "Verification error: "}) {
    const size_t at = text.find(key);
    if (at == std::string_view::npos) continue;
    failed_challenge(text.substr(at + key.size()), out);
    rest = text;
    eat(rest, "Invalid status, ");
    out.domain = name_at(rest);
    return true;
  }
  if (text.starts_with("errordetail='")) {
    failed_challenge(text, out);
    return true;
  }
  if (text.starts_with("Order status is ") && contains(text, "processing"))
    return set(out, AcmeEvent::kOrderProcessing);
  if (!sure) return false;
  if (limits_rate(text)) {
    out.error_type = "rateLimited";
    return set(out, AcmeEvent::kRateLimited);
  }
  for (const std::string_view key :
       {"Renew: ", "Renewing: ", "Single domain=", "Getting webroot for domain="})
    if (rest = text; eat(rest, key)) {
      skip_colours(rest);
      return set(out, AcmeEvent::kDomain, name_at(rest));
    }
  if (rest = text; eat(rest, "Verifying: ") || eat(rest, "Verifying:"))
    return set(out, AcmeEvent::kChallengeStarted, name_at(rest));
  if (text == "Success") return set(out, AcmeEvent::kChallengeValid);
  if (text.starts_with("Cert success")) return set(out, AcmeEvent::kRenewed);
  if (text.starts_with("Skip, Next renewal") || text.starts_with("Skipping. Next renewal") ||
      text.starts_with("Domains not changed"))
    return set(out, AcmeEvent::kNotDue);
  if (contains(text, "eload cmd: ")) return reloads_nginx(text) && set(out, AcmeEvent::kReload);
  if (text.starts_with("Reloading nginx") || text.starts_with("Reload nginx"))
    return set(out, AcmeEvent::kReload);
  if (contains(text, "Reload error") || contains(text, "running post hook") ||
      contains(text, "running renew hook") || contains(text, "running pre hook") ||
      contains(text, "when run post hook") || contains(text, "when run renew hook") ||
      contains(text, "when run pre hook") || contains(text, "error occurred while reloading nginx"))
    return set(out, AcmeEvent::kHookFailed);
  for (const std::string_view key : {"Error renewing ", "Error renew "})
    if (rest = text; eat(rest, key)) return set(out, AcmeEvent::kFailed, name_at(rest));
  for (const std::string_view key :
       {"Sign failed", "Signing failed", "Signing error", "Create new order",
        "Error creating new order", "Can not get ", "Cannot get ", "Register account Error",
        "Error registering account"})
    if (text.starts_with(key)) return set(out, AcmeEvent::kOtherError);
  return false;
}

bool is_error_level(std::string_view level) { return level == "ERROR" || level == "CRITICAL"; }

}  // namespace

std::optional<AcmeLine> parse_acme_line(std::string_view line) {
  AcmeLine out;
  while (!line.empty() && (is_blank(line.back()) || line.back() == '\r')) line.remove_suffix(1);
  std::string_view level;
  bool certbot = eat_certbot_head(line, level, out.time);
  bool dated = !certbot && eat_date_head(line, out.time);
  if (!certbot && !dated) {
    line = strip_frame(line, &out.time);
    certbot = eat_certbot_head(line, level, out.time);
    dated = !certbot && eat_date_head(line, out.time);
  }
  skip_blanks(line);
  skip_colours(line);
  if (line.empty()) return std::nullopt;
  const auto time = out.time;
  if (dated) {
    if (read_acme_sh(line, true, out)) return out;
    return std::nullopt;
  }
  if (!certbot) {
    if (line[0] == '"' || line[0] == '[') {
      if (read_json(line, out)) return out;
      return std::nullopt;
    }
    if (read_dehydrated(line, out)) return out;
    out = {};
    if (read_acme_sh(line, false, out)) return out;
    out = {};
    out.time = time;
    if (line == "HTTP 429") {
      set(out, AcmeEvent::kRateLimited);
      out.error_type = "rateLimited";
      return out;
    }
  }
  out.client = certbot ? kCertbot : std::string_view();
  if (read_certbot(line, out)) {
    // Prose of certbot alone; JSON and "Detail:" are others' too.
    out.client = kCertbot;
    return out;
  }
  if (!is_error_level(level) &&
      !(level.empty() && line.starts_with("An unexpected error occurred")))
    return std::nullopt;
  out.event = AcmeEvent::kOtherError;
  out.error_type = error_type_of(line);
  out.client = kCertbot;
  return out;
}

}  // namespace ngxdiag::parse
