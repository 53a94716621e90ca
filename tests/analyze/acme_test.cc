#include "libdiag/analyze/acme.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag::analyze;

TEST_CASE("renewals and failures are told by name and by HTTP status") {
  const auto facts =
      Scene()
          .with("letsencrypt.log",
                "2026-04-21 23:10:02,117:DEBUG:certbot._internal.main:certbot version: 2.1.0\n"
                "2026-04-21 23:12:02,117:INFO:certbot._internal.auth_handler:http-01 challenge for "
                "www7.example.net\n"
                "2026-04-21 23:19:02,117:ERROR:certbot._internal.renewal:Failed to renew "
                "certificate www7.example.net with "
                "error: Some challenges have failed.\n")
          .facts();
  CHECK(facts.text("acme.client") == "certbot");
  CHECK(facts.number("acme.failed") == 1);
  CHECK(list(facts, "acme.failed_names") == Names{"www7.example.net"});
}

TEST_CASE("an order that never ends is stuck only when the log ends with it") {
  const auto stuck =
      Scene()
          .with("dehydrated.log",
                " + Challenge is valid!\n + Order is processing...\n + Order is processing...\n")
          .facts();
  CHECK(stuck.number("acme.order_processing") == 2);
  CHECK(stuck.number("acme.order_stuck") == 1);
}

TEST_CASE("a renewal is told when it comes, and the list at the end of the run adds nothing") {
  Scene scene;
  const auto facts =
      scene
          .with("letsencrypt.log",
                "2026-04-21 23:10:02,117:DEBUG:certbot._internal.main:certbot version: 2.1.0\n"
                "2026-04-21 23:12:02,117:DEBUG:certbot._internal.storage:Writing full chain to "
                "/etc/letsencrypt/archive/www1.example.net/fullchain2.pem.\n"
                "2026-04-21 23:13:02,117:ERROR:certbot._internal.renewal:Failed to renew "
                "certificate www7.example.net with error: Some challenges have failed.\n"
                "2026-04-21 23:19:02,117:DEBUG:certbot._internal.display.obj:Notifying user:   "
                "/etc/letsencrypt/live/www1.example.net/fullchain.pem (success)\n"
                "2026-04-21 23:19:02,118:DEBUG:certbot._internal.display.obj:Notifying user:   "
                "/etc/letsencrypt/live/www7.example.net/fullchain.pem (failure)\n")
          .facts();
  CHECK(facts.number("acme.renewed") == 1);
  CHECK(facts.number("acme.failed") == 1);
  CHECK(facts.text("acme.last_success") == "2026-04-21 23:12:02");
  CHECK(scene.events.size() == 2);
}

TEST_CASE("a name that failed and was renewed after all did not fail") {
  const auto facts = Scene()
                         .with("stdout.txt",
                               "Failed to renew certificate a.example.net with error: x\n"
                               "Failed to renew certificate b.example.net with error: x\n"
                               "  /etc/letsencrypt/live/a.example.net/fullchain.pem (success)\n",
                               ngxdiag::model::Kind::kAcmeLog)
                         .facts();
  CHECK(facts.number("acme.failed") == 1);
  CHECK(list(facts, "acme.failed_names") == Names{"b.example.net"});
}
