#include "libdiag/parse/acme_settings.h"

#include <doctest/doctest.h>

using namespace ngxdiag::parse;

TEST_CASE("certbot's renewal configuration") {
  const AcmeSettings conf = parse_acme_settings(
      "# renew_before_expiry = 30 days\nversion = 2.1.0\narchive_dir = /etc/letsencrypt/archive/a\n"
      "fullchain = /etc/letsencrypt/live/a/fullchain.pem\n\n[renewalparams]\n"
      "authenticator = webroot\ninstaller = None\nwebroot_path = /var/www/html,\n"
      "renew_hook = systemctl reload nginx\n[[webroot_map]]\nwww.a-b.example = /var/www/html\n");
  CHECK(conf.client == "certbot");
  REQUIRE(conf.find("authenticator"));
  CHECK(conf.find("authenticator")->value == "webroot");
  CHECK(conf.find("authenticator")->line == 7);
  CHECK(conf.find("installer") == nullptr);
  CHECK(conf.find("renew_before_expiry") == nullptr);
  REQUIRE(conf.find("www.a-b.example"));
  CHECK(conf.find("www.a-b.example")->section == "webroot_map");
  const AcmeSettings general = parse_acme_settings("deploy-hook = /opt/x.sh\n");
  CHECK(general.client == "certbot");
  CHECK(general.find("deploy_hook"));
}

TEST_CASE("dehydrated's settings, with its own variables") {
  const AcmeSettings conf = parse_acme_settings(
      "BASEDIR=/var/lib/dehydrated\nWELLKNOWN=\"${BASEDIR}/acme-challenges\"\n"
      "export HOOK='/etc/dehydrated/hook.sh' # mine\n#ORDER_TIMEOUT=600\n");
  CHECK(conf.client == "dehydrated");
  CHECK(conf.find("WELLKNOWN")->value == "/var/lib/dehydrated/acme-challenges");
  CHECK(conf.find("HOOK")->value == "/etc/dehydrated/hook.sh");
  CHECK(conf.find("ORDER_TIMEOUT") == nullptr);
}

TEST_CASE("acme.sh keeps its commands in base64") {
  const AcmeSettings conf = parse_acme_settings(
      "Le_Domain='a.example'\nLe_Webroot='/srv/www'\n"
      "Le_ReloadCmd='__ACME_BASE64__START_c3lzdGVtY3RsIHJlbG9hZCBuZ2lueA==__ACME_BASE64__END_'\n");
  CHECK(conf.client == "acme.sh");
  CHECK(conf.find("Le_ReloadCmd")->value == "systemctl reload nginx");
}

TEST_CASE("bytes that are no settings") {
  CHECK(parse_acme_settings("").settings.empty());
  CHECK(parse_acme_settings("[[[\n]\n=\n= x\na b = c\n").settings.empty());
  CHECK(parse_acme_settings("A='unclosed\nB=${A\nC=${NONE}\n").settings.size() == 3);
}

TEST_CASE("what a hook does to nginx") {
  for (const char* command : {"systemctl reload nginx", "service nginx restart",
                              "nginx -t && nginx -s reload", "docker exec web nginx -s reload",
                              "supervisorctl signal HUP nginx", "kill -HUP $(cat /run/nginx.pid)",
                              "#!/bin/sh\nset -e\nsystemctl try-reload-or-restart nginx\n"})
    CHECK_MESSAGE(parse_hook(command).reloads, command);
  CHECK(parse_hook("systemctl stop nginx").stops);
  CHECK_FALSE(parse_hook("systemctl stop nginx").reloads);
  const HookAction comment = parse_hook("#!/bin/sh\n# systemctl reload nginx\nexit 0\n");
  CHECK_FALSE(comment.reloads);
  CHECK_FALSE(comment.others);
  CHECK(parse_hook("systemctl reload postfix dovecot").others);
  CHECK_FALSE(parse_hook("/opt/renew.sh").others);
}

TEST_CASE("the script behind a hook's command") {
  CHECK(script_of_hook("/opt/renew.sh") == "/opt/renew.sh");
  CHECK(script_of_hook("/bin/sh -e '/opt/renew.sh' now") == "/opt/renew.sh");
  CHECK(script_of_hook("systemctl reload nginx").empty());
  CHECK(script_of_hook("/usr/bin/systemctl reload nginx").empty());
  CHECK(script_of_hook("").empty());
}

TEST_CASE("who starts a client") {
  const auto found = parse_acme_crontab(
      "# certbot\nPATH=/usr/bin\n0 */12 * * * root test -x /usr/bin/certbot -a \\! -d "
      "/run/systemd/system && certbot -q renew\n4 3 * * * \"/root/.acme.sh\"/acme.sh --cron\n");
  REQUIRE(found.size() == 2);
  CHECK(found[0].client == "certbot");
  CHECK(found[0].without_systemd);
  CHECK(found[0].line == 3);
  CHECK(found[1].client == "acme.sh");
  CHECK_FALSE(found[1].without_systemd);
}
