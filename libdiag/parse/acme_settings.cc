#include "libdiag/parse/acme_settings.h"

#include <algorithm>
#include <array>

#include "libdiag/base/text.h"
#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

using base::contains;

constexpr size_t kMaxSettings = 2000, kMaxValue = 4096;
constexpr std::string_view kCertbot = "certbot", kDehydrated = "dehydrated", kAcmeSh = "acme.sh";

bool is_key(std::string_view key) {
  if (key.empty() || key.size() > 255) return false;
  return std::all_of(key.begin(), key.end(), [](char c) {
    return is_alpha(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || c == '*';
  });
}

std::string decoded_base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0, count = 0;
  for (const char c : text) {
    const size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) break;
    bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xff);
  }
  return out;
}

std::string_view unquoted(std::string_view value) {
  if (value.empty() || (value[0] != '"' && value[0] != '\'')) return value;
  return value.substr(1, value.find(value[0], 1) - 1);  // up to the quote, or to the end
}

std::string expanded(std::string_view value, const std::vector<AcmeSetting>& known) {
  std::string out;
  for (size_t at = 0; at < value.size() && out.size() < kMaxValue; ++at) {
    const bool braced = value.substr(at).starts_with("${");
    const size_t end = braced ? value.find('}', at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      out += value[at];
      continue;
    }
    const std::string_view name = value.substr(at + 2, end - at - 2);
    const auto found = std::find_if(known.rbegin(), known.rend(),
                                    [&](const AcmeSetting& one) { return one.key == name; });
    out += found != known.rend() ? found->value : std::string(value.substr(at, end - at + 1));
    at = end;
  }
  return out.substr(0, kMaxValue);
}

std::string value_of(std::string_view text, const std::vector<AcmeSetting>& known) {
  const std::string_view value = unquoted(base::trim(text));
  constexpr std::string_view kStart = "__ACME_BASE64__START_", kEnd = "__ACME_BASE64__END_";
  if (value.starts_with(kStart))
    return decoded_base64(value.substr(kStart.size(), value.find(kEnd) - kStart.size()))
        .substr(0, kMaxValue);
  return expanded(value, known);
}

std::string_view client_of(const AcmeSetting& setting) {
  static constexpr std::array<std::string_view, 14> kOfCertbot = {
      "archive_dir", "authenticator", "installer", "renew_before_expiry",   "fullchain",
      "renew_hook",  "deploy_hook",   "pre_hook",  "preconfigured_renewal", "max_log_backups",
      "post_hook",   "key_type",      "privkey",   "webroot_path"};
  static constexpr std::array<std::string_view, 13> kOfDehydrated = {
      "WELLKNOWN", "DOMAINS_TXT", "CHALLENGETYPE", "HOOK",    "HOOK_CHAIN",
      "CONFIG_D",  "BASEDIR",     "OCSP_FETCH",    "KEYSIZE", "CONTACT_EMAIL",
      "CERTDIR",   "KEEP_GOING",  "ORDER_TIMEOUT"};
  const auto is_one_of = [&](const auto& keys) {
    return std::find(keys.begin(), keys.end(), setting.key) != keys.end();
  };
  if (setting.key.starts_with("Le_")) return kAcmeSh;
  if (setting.section == "renewalparams" || setting.section == "webroot_map") return kCertbot;
  if (is_one_of(kOfCertbot)) return kCertbot;
  return is_one_of(kOfDehydrated) ? kDehydrated : std::string_view();
}

bool is_comment(std::string_view line) { return line.empty() || line[0] == '#' || line[0] == ';'; }

bool has_word(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto is_part = [](char c) { return is_alpha(c) || is_digit(c) || c == '_'; };
    const size_t end = at + word.size();
    if ((at == 0 || !is_part(text[at - 1])) && (end == text.size() || !is_part(text[end])))
      return true;
  }
  return false;
}

bool names_nginx(std::string_view line) {
  return contains(line, "nginx") || contains(line, "openresty") || contains(line, "angie");
}

}  // namespace

const AcmeSetting* AcmeSettings::find(std::string_view key) const {
  const auto found = std::find_if(settings.rbegin(), settings.rend(),
                                  [&](const AcmeSetting& one) { return one.key == key; });
  if (found == settings.rend() || found->value.empty() || found->value == "None") return nullptr;
  return &*found;
}

AcmeSettings parse_acme_settings(std::string_view text) {
  AcmeSettings out;
  std::string section;
  for (int number = 1; !text.empty() && out.settings.size() < kMaxSettings; ++number) {
    std::string_view line = base::trim(base::take_line(text));
    if (is_comment(line)) continue;
    if (line[0] == '[') {
      const size_t begin = line.find_first_not_of('[');
      section = begin == std::string_view::npos
                    ? std::string()
                    : std::string(line.substr(begin, line.find(']') - begin));
      continue;
    }
    if (eat(line, "export ")) skip_blanks(line);
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = base::trim(line.substr(0, equals));
    if (!is_key(key)) continue;
    AcmeSetting setting{section, std::string(key), value_of(line.substr(equals + 1), out.settings),
                        number};
    if (section != "webroot_map") setting.key = base::replace_all(setting.key, "-", "_");
    if (out.client.empty()) out.client = client_of(setting);
    out.settings.push_back(std::move(setting));
  }
  return out;
}

HookAction parse_hook(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kReads = {
      "reload", "restart", "HUP", "hup", "reload-or-restart", "force-reload", "SIGHUP"};
  static constexpr std::array<std::string_view, 3> kStops = {"stop", "quit", "QUIT"};
  static constexpr std::array<std::string_view, 12> kServices = {
      "apache2", "httpd",  "postfix", "dovecot", "exim4",      "haproxy",
      "proftpd", "vsftpd", "mysql",   "mariadb", "postgresql", "coturn"};
  HookAction out;
  bool nginx = false, other = false;
  while (!text.empty()) {
    const std::string_view line = base::trim(base::take_line(text));
    if (line.empty() || line[0] == '#') continue;
    other = other || std::any_of(kServices.begin(), kServices.end(),
                                 [&](std::string_view name) { return has_word(line, name); });
    if (!names_nginx(line)) continue;
    nginx = true;
    const auto has = [&](const auto& verbs) {
      return std::any_of(verbs.begin(), verbs.end(),
                         [&](std::string_view verb) { return has_word(line, verb); });
    };
    out.reloads = out.reloads || has(kReads);
    out.stops = out.stops || has(kStops);
  }
  out.others = other && !nginx;
  return out;
}

std::string_view script_of_hook(std::string_view command) {
  static constexpr std::array<std::string_view, 7> kRunners = {"sh",   "bash", "dash",   "env",
                                                               "sudo", "exec", "python3"};
  std::string_view rest = base::trim(command);
  while (!rest.empty()) {
    std::string_view word = unquoted(take_word(rest));
    const std::string_view name = word.substr(word.rfind('/') + 1);  // npos + 1 is 0
    if (std::find(kRunners.begin(), kRunners.end(), name) != kRunners.end() ||
        word.starts_with('-'))
      continue;
    while (!word.empty() && contains(";&|", word.substr(word.size() - 1))) word.remove_suffix(1);
    const bool system = word.starts_with("/bin/") || word.starts_with("/sbin/") ||
                        word.starts_with("/usr/bin/") || word.starts_with("/usr/sbin/");
    return word.starts_with('/') && !system ? word : std::string_view();
  }
  return {};
}

std::vector<AcmeSchedule> parse_acme_crontab(std::string_view text) {
  std::vector<AcmeSchedule> out;
  for (int number = 1; !text.empty() && out.size() < kMaxSettings; ++number) {
    const std::string_view line = base::trim(base::take_line(text));
    if (is_comment(line)) continue;
    const std::string_view client = has_word(line, "certbot") || contains(line, "letsencrypt-auto")
                                        ? kCertbot
                                    : has_word(line, "dehydrated") ? kDehydrated
                                    : contains(line, "acme.sh")    ? kAcmeSh
                                                                   : std::string_view();
    if (client.empty() || contains(line, "SHELL=") || contains(line, "PATH=")) continue;
    out.push_back({std::string(client), contains(line, "! -d /run/systemd/system"), number});
  }
  return out;
}

}  // namespace ngxdiag::parse
