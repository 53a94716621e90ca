#include "libdiag/analyze/ingest.h"

#include <doctest/doctest.h>

#include <string>

#include "libdiag/base/limits.h"
#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

TEST_CASE("a forged line inside a request is not believed, and said") {
  const auto facts =
      Scene()
          .with("error.log",
                "2026/04/21 23:00:00 [error] 90#90: *1 open() \"/var/www/x\n"
                "2026/04/21 23:00:00 [alert] 1#1: worker process 2 exited on signal 11\n"
                "y\" failed (2: No such file or directory), client: 192.0.2.7, server: a.example, "
                "request: "
                "\"GET /x%0A2026 HTTP/1.1\", host: \"a.example\"\n"
                "2026/04/21 23:00:09 [alert] 7#7: worker process 91 exited on signal 11\n")
          .facts();
  CHECK(facts.number("deaths.total") == 1);
  CHECK(facts.number("deaths.first_pid") == 91);
  CHECK(facts.number("log.forged") == 1);
}

TEST_CASE("a death signed by a worker is not believed: only masters reap") {
  const auto facts =
      Scene()
          .with("error.log",
                "2026/04/21 23:00:00 [notice] 7#7: start worker process 91\n"
                "2026/04/21 23:00:01 [alert] 91#91: worker process 92 exited on signal 11\n")
          .facts();
  CHECK(facts.number("deaths.total") == 0);
  CHECK(facts.number("log.forged") == 1);
}

TEST_CASE("a mixed paste is taken apart by content") {
  const auto facts =
      Scene()
          .with("paste.txt",
                "nginx version: nginx/1.18.0 (Ubuntu)\n"
                "\n"
                "2026/04/21 23:00:09 [alert] 7#7: worker process 91 exited on signal 11\n"
                "Apr 21 23:00:09 web1 kernel: nginx[91]: segfault at 0 ip 00007f0000001a2c sp "
                "00007ffd00000000 "
                "error 4 in nginx[7f0000000000+50000]\n")
          .facts();
  CHECK(facts.text("nginx.version") == "1.18.0");
  CHECK(facts.number("deaths.total") == 1);
  CHECK(facts.number("kernel.segfaults") == 1);
}

TEST_CASE("lines of any length and without end are read; what was skipped is said") {
  Scene scene;
  const std::string huge(base::kMaxLineBytes * 3, 'x');
  scene.with("error.log",
             "2026/04/21 23:00:08 [error] 9#9: " + huge +
                 "\n2026/04/21 23:00:09 [alert] 7#7: worker process 91 exited on signal 11");
  CHECK(scene.facts().number("deaths.total") == 1);
  REQUIRE(scene.digest.gaps.size() == 1);
  CHECK(scene.digest.gaps[0].why.find("longer than") != std::string::npos);
}

TEST_CASE("an empty log that this nginx is known to write was looked at") {
  const auto facts = Scene().with("error.log", "", ngxdiag::model::Kind::kErrorLog).facts();
  CHECK(facts.number("log.lines") == 0);
  CHECK(facts.number("deaths.total") == 0);
  CHECK_FALSE(Scene().with("error.log", "").facts().find("log.seen"));
}

TEST_CASE("empty and binary documents are gaps, not silence") {
  Scene scene;
  scene.with("empty.log", "")
      .with("core.1", std::string("\x7f"
                                  "ELF\0\0\0\0\0\0",
                                  10) +
                          std::string(4000, '\0'));
  scene.facts();
  CHECK(scene.digest.gaps.size() == 2);
}

TEST_CASE("patterns see only lines that can be believed, and tell who wrote them") {
  Scene scene;
  scene.patterns.push_back(
      {"rule/emfile", {model::Kind::kErrorLog}, "failed (24:", "(accept4?)", {}});
  const auto facts =
      scene
          .with("error.log",
                "2026/04/21 23:00:00 [notice] 7#7: start worker process 91\n"
                "2026/04/21 23:00:01 [crit] 91#91: accept4() failed (24: Too many open files)\n")
          .facts();
  CHECK(facts.number("line.rule.emfile") == 1);
  CHECK(facts.text("line.rule.emfile.1") == "accept4");
  CHECK(list(facts, "line.rule.emfile.roles") == Names{"worker"});
}
