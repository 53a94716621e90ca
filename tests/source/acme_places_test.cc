#include "libdiag/source/acme_places.h"

#include <doctest/doctest.h>

#include "libdiag/source/streams.h"

using namespace ngxdiag;
using namespace ngxdiag::source;

namespace {

std::string text_of(const std::vector<Document>& documents, std::string_view path) {
  model::Gap gap;
  for (const Document& document : documents)
    if (document.path == path) return read_some(*document.open(gap), 1u << 16);
  return "(none)";
}

}  // namespace

TEST_CASE("certbot's settings and hooks below any directory") {
  const auto files = memory_files({{"/srv/le/renewal/a.conf", "installer = None\n"},
                                   {"/srv/le/renewal-hooks/deploy/r.sh", "#!/bin/sh\n"},
                                   {"/srv/le/renewal-hooks/post/dead", "-> /gone"}});
  const auto documents = certbot_documents(files, "/srv/le");
  CHECK(text_of(documents, "/srv/le/renewal/a.conf") == "installer = None\n");
  CHECK(text_of(documents, "/srv/le/renewal-hooks/deploy/r.sh") == "#!/bin/sh\n");
  const std::string rows = text_of(documents, "listing of /srv/le/renewal-hooks");
  CHECK(rows.find("/srv/le/renewal-hooks/pre:\n/srv/le/renewal-hooks/deploy:\n-rwxr-xr-x 1 0 0") ==
        0);
  CHECK(rows.find(" dead -> /gone\n") != std::string::npos);
  CHECK(certbot_documents(files, "/etc/letsencrypt").empty());
}

TEST_CASE("schedules that speak of a client are taken, others and credentials are not") {
  const auto files = memory_files(
      {{"/etc/cron.d/backup", "0 1 * * * root tar\n"},
       {"/etc/cron.d/certbot", "0 1 * * * root certbot renew\n"},
       {"/root/.acme.sh/account.conf", "SAVED_Token='x'\n"},
       {"/root/.acme.sh/a.example/a.example.conf", "Le_Domain='a.example'\n"},
       {"/root/.acme.sh/a.example/a.example.csr.conf", "[req]\n"},
       {"/root/.acme.sh/a.example/a.example.key", "secret"},
       {"/etc/systemd/system/timers.target.wants/certbot.timer", "-> /lib/certbot.timer"},
       {"/etc/systemd/system/timers.target.wants/fstrim.timer", "-> /lib/fstrim.timer"}});
  const auto documents = acme_documents(files);
  REQUIRE(documents.size() == 3);
  CHECK(documents[0].path == "/root/.acme.sh/a.example/a.example.conf");
  CHECK(documents[1].path == "/etc/cron.d/certbot");
  const std::string rows = text_of(documents, "listing of timers of ACME clients");
  CHECK(rows.find("certbot.timer -> /lib/certbot.timer") != std::string::npos);
  CHECK(rows.find("fstrim") == std::string::npos);
}
