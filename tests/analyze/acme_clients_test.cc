#include "libdiag/analyze/acme_clients.h"

#include <doctest/doctest.h>

#include "libdiag/source/acme_places.h"
#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

constexpr const char* kWebroot =
    "archive_dir = /etc/letsencrypt/archive/a\nfullchain = /etc/letsencrypt/live/a/fullchain.pem\n"
    "[renewalparams]\nauthenticator = webroot\nwebroot_path = /var/www/html,\n";

// A host as source/ sees it.
model::FactSet host(std::map<std::string, std::string> files) {
  Scene scene;
  source::Instance& instance = scene.evidence.instances[0];
  scene.evidence.live = true;
  instance.files = source::memory_files(std::move(files));
  for (source::Document& document : source::acme_documents(instance.files))
    instance.documents.push_back(std::move(document));
  return scene.facts();
}

}  // namespace

TEST_CASE("a host without a client has nothing to say") {
  CHECK(host({{"/etc/nginx/nginx.conf", "events {}\n"}}).find("renewal.seen") == nullptr);
  // Debian's package alone, with its timer and no certificate.
  CHECK(host({{"/etc/letsencrypt/cli.ini", "max-log-backups = 0\n"},
              {"/etc/systemd/system/timers.target.wants/certbot.timer", "-> /lib/x"}})
            .find("renewal.seen") == nullptr);
  CHECK(host({{"/etc/dehydrated/config", "BASEDIR=/var/lib/dehydrated\n"}}).find("renewal.seen") ==
        nullptr);
}

TEST_CASE("a lineage that no hook follows") {
  const auto facts = host({{"/etc/letsencrypt/renewal/a.conf", kWebroot}});
  CHECK(list(facts, "renewal.clients") == Names{"certbot"});
  CHECK(list(facts, "renewal.names") == Names{"a"});
  CHECK(list(facts, "renewal.webroots") == Names{"/var/www/html"});
  CHECK(facts.number("renewal.reload_hook") == 0);
  CHECK(list(facts, "renewal.without_reload") == Names{"a"});
  CHECK(facts.text("renewal.hooks_directory") == "/etc/letsencrypt/renewal-hooks/deploy");
}

TEST_CASE("what reloads nginx after a renewal") {
  const std::string conf = "/etc/letsencrypt/renewal/a.conf";
  CHECK(host({{conf, std::string(kWebroot) + "renew_hook = systemctl reload nginx\n"}})
            .number("renewal.reload_hook") == 1);
  CHECK(
      host({{conf, std::string(kWebroot) + "installer = nginx\n"}}).number("renewal.reload_hook") ==
      1);
  CHECK(host({{conf, kWebroot}, {"/etc/letsencrypt/cli.ini", "deploy-hook = nginx -s reload\n"}})
            .number("renewal.reload_hook") == 1);
  CHECK(host({{conf, kWebroot},
              {"/etc/letsencrypt/renewal-hooks/deploy/r.sh", "#!/bin/sh\nnginx -s reload\n"}})
            .number("renewal.reload_hook") == 1);
  CHECK(host({{conf, kWebroot},
              {"/etc/cron.d/le", "5 4 * * * root certbot renew --post-hook 'nginx -s reload'\n"}})
            .number("renewal.reload_hook") == 1);
  const auto script = host({{conf, std::string(kWebroot) + "renew_hook = /opt/r.sh\n"},
                            {"/opt/r.sh", "#!/bin/sh\nsystemctl reload nginx\n"}});
  CHECK(script.number("renewal.reload_hook") == 1);
}

TEST_CASE("hooks that do not reload nginx") {
  const std::string conf = "/etc/letsencrypt/renewal/a.conf";
  const auto idle =
      host({{conf, kWebroot}, {"/etc/letsencrypt/renewal-hooks/deploy/r.sh", "nginx -s reload\n"}});
  CHECK(list(idle, "renewal.idle_hooks") == Names{"/etc/letsencrypt/renewal-hooks/deploy/r.sh"});
  CHECK(idle.number("renewal.reload_hook") == 0);
  const auto mail = host({{conf, std::string(kWebroot) + "renew_hook = service postfix reload\n"}});
  CHECK(mail.number("renewal.reload_hook") == 0);
  CHECK(list(mail, "renewal.other_hooks").size() == 1);
  const auto opaque = host({{conf, std::string(kWebroot) + "renew_hook = /opt/gone.sh\n"}});
  CHECK(opaque.find("renewal.reload_hook") == nullptr);
  const auto before =
      host({{conf, std::string(kWebroot) + "pre_hook = systemctl restart nginx\n"}});
  CHECK(before.number("renewal.reload_hook") == 0);
}

TEST_CASE("a pasted renewal configuration does not show the directories of hooks") {
  Scene scene;
  const auto facts = scene.with("renewal.conf", kWebroot).facts();
  CHECK(list(facts, "renewal.names") == Names{"a"});
  CHECK(facts.find("renewal.reload_hook") == nullptr);
  Scene shown;
  const auto both = shown.with("renewal.conf", kWebroot)
                        .with("ls.txt", "# ls -l /etc/letsencrypt/renewal-hooks/deploy\ntotal 0\n")
                        .facts();
  CHECK(both.number("renewal.reload_hook") == 0);
}

TEST_CASE("a hook that stops nginx, and who is hurt by it") {
  const auto orphan = host({{"/etc/letsencrypt/renewal/a.conf",
                             std::string(kWebroot) + "installer = nginx\n"
                                                     "pre_hook = systemctl stop nginx\n"}});
  CHECK(list(orphan, "renewal.installer_and_stop") == Names{"a"});
  const std::string standalone =
      "fullchain = /etc/letsencrypt/live/a/fullchain.pem\nauthenticator = standalone\n";
  CHECK(list(host({{"/etc/letsencrypt/renewal/a.conf", standalone}}), "renewal.standalone") ==
        Names{"a"});
  CHECK(list(host({{"/etc/letsencrypt/renewal/a.conf",
                    standalone + "pre_hook = service nginx stop\n"}}),
             "renewal.standalone")
            .empty());
}

TEST_CASE("what starts the client") {
  const std::string conf = "/etc/letsencrypt/renewal/a.conf";
  const auto timer = host({{conf, kWebroot},
                           {"/run/systemd/system/x", ""},
                           {"/etc/systemd/system/timers.target.wants/certbot.timer",
                            "-> /lib/systemd/system/certbot.timer"}});
  CHECK(list(timer, "renewal.schedules") == Names{"certbot.timer"});
  CHECK(list(timer, "renewal.unscheduled").empty());
  const char* cron = "0 */12 * * * root test ! -d /run/systemd/system && certbot -q renew\n";
  const auto disabled = host({{conf, kWebroot},
                              {"/run/systemd/system/x", ""},
                              {"/lib/systemd/system/certbot.timer", "[Timer]\n"},
                              {"/etc/cron.d/certbot", cron}});
  CHECK(list(disabled, "renewal.unscheduled") == Names{"certbot"});
  const auto plain = host({{conf, kWebroot}, {"/etc/cron.d/certbot", cron}});
  CHECK(list(plain, "renewal.schedules") == Names{"/etc/cron.d/certbot"});
}

TEST_CASE("dehydrated and acme.sh") {
  const auto dehydrated =
      host({{"/etc/dehydrated/config",
             "BASEDIR=/var/lib/dehydrated\nWELLKNOWN=${BASEDIR}/acme\nHOOK=/etc/dehydrated/h.sh\n"},
            {"/etc/dehydrated/domains.txt", "# mine\na.example www.a.example\nb.example\n"},
            {"/etc/dehydrated/h.sh", "#!/bin/bash\ndeploy_cert() {\n  nginx -s reload\n}\n"}});
  CHECK(list(dehydrated, "renewal.names") == Names{"a.example", "b.example"});
  CHECK(list(dehydrated, "renewal.webroots") == Names{"/var/lib/dehydrated/acme"});
  CHECK(dehydrated.number("renewal.reload_hook") == 1);
  CHECK(dehydrated.number("renewal.order_timeout") == 0);
  const auto acme_sh = host({{"/root/.acme.sh/a.example_ecc/a.example.conf",
                              "Le_Domain='a.example'\nLe_Webroot='/srv/www'\nLe_ReloadCmd=''\n"}});
  CHECK(list(acme_sh, "renewal.clients") == Names{"acme.sh"});
  CHECK(list(acme_sh, "renewal.without_reload") == Names{"a.example"});
}

TEST_CASE("certbot at a place of its own is found through the certificates") {
  const auto facts =
      host({{"/etc/nginx/nginx.conf",
             "events {}\nhttp { server { listen 443 ssl; ssl_certificate "
             "/srv/le/live/a/fullchain.pem; } }\n"},
            {"/srv/le/renewal/a.conf", std::string(kWebroot) + "logs_dir = /srv/log\n"},
            {"/srv/log/letsencrypt.log",
             "2026-04-21 23:19:02,117:ERROR:certbot._internal.hooks:Hook 'deploy-hook' reported "
             "error code 1\n"}});
  CHECK(list(facts, "renewal.without_reload") == Names{"a"});
  CHECK(facts.number("acme.hook_failures") == 1);
}
