// Settings of ACME clients, the hooks they run, and the crontabs that start them. Examples:
//   [renewalparams]                                certbot: renewal/NAME.conf, cli.ini
//   authenticator = webroot
//   renew_hook = systemctl reload nginx
//   WELLKNOWN="${BASEDIR}/acme-challenges"         dehydrated: /etc/dehydrated/config
//   Le_ReloadCmd='__ACME_BASE64__START_c3lz…__ACME_BASE64__END_'     acme.sh: DOMAIN/DOMAIN.conf
// Keys from certbot 2.1 (_internal/renewal.py: CONFIG_ITEMS), dehydrated 0.7 (docs/examples/config)
// and acme.sh 3 (_savedomainconf).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::parse {

struct AcmeSetting {
  std::string section;  // "renewalparams", "webroot_map"; "" outside of any
  std::string key;      // with '_' where certbot allows '-'
  std::string value;    // without quotes; ${NAME} of the same file and acme.sh's base64 resolved
  int line = 0;         // counted from 1
};

struct AcmeSettings {
  std::string client;                 // "certbot", "dehydrated", "acme.sh"; "" when no key tells
  std::vector<AcmeSetting> settings;  // in the order of the file

  // The last of that name; null when there is none or it says nothing ("", None).
  const AcmeSetting* find(std::string_view key) const;
};

// Any bytes. What is no setting is passed over.
AcmeSettings parse_acme_settings(std::string_view text);

// What a hook does to nginx, as far as its text shows; a whole script or one command. Comments do
// not count.
struct HookAction {
  bool reloads = false;  // nginx reads its certificates again: reload, restart, HUP
  bool stops = false;    // nginx is stopped
  bool others = false;   // another service by name (postfix, apache …), nginx is not spoken of
};
HookAction parse_hook(std::string_view text);

// The file that a hook's command runs: "/opt/renew.sh" of "/bin/sh /opt/renew.sh now"; "" when the
// command is no script of the administrator's.
std::string_view script_of_hook(std::string_view command);

// Which clients the lines of a crontab start: "0 3 * * * root /usr/bin/dehydrated -c".
struct AcmeSchedule {
  std::string client;            // "certbot", "dehydrated", "acme.sh"
  bool without_systemd = false;  // only where systemd does not run (Debian's cron.d/certbot)
  int line = 0;
};
std::vector<AcmeSchedule> parse_acme_crontab(std::string_view text);

}  // namespace ngxdiag::parse
