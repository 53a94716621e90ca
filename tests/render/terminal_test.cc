#include "libdiag/render/terminal.h"

#include <doctest/doctest.h>

#include "libdiag/base/text.h"
#include "libdiag/render/page.h"
#include "tests/render/storm_report.h"

using namespace ngxdiag;
using namespace ngxdiag::render;

namespace {

std::string without_colour(std::string text) {
  for (size_t at; (at = text.find('\x1b')) != std::string::npos;)
    text.erase(at, text.find('m', at) - at + 1);
  return text;
}

}  // namespace

TEST_CASE("the verdict is the first line and the cause follows") {
  const std::string text = render_terminal(storm_report(), {});
  CHECK(
      text.starts_with("CRITICAL  No worker serves: every new worker dies as it starts.\n\n"
                       "Likeliest cause: nchan, nearly certain (99 %)\n"
                       "  Nchan has no worker slot left after 14 reloads\n"
                       "  Nchan keeps 1024"));
}

TEST_CASE("a title that is the verdict's sentence is not said twice") {
  model::Report report = storm_report();
  report.summary = report.findings[0].title + ".";
  CHECK(base::contains(render_terminal(report, {}), "nearly certain (99 %)\n  Nchan keeps 1024"));
}

TEST_CASE("the chain is an indented list of arrows") {
  const std::string text = render_terminal(storm_report(), {});
  CHECK(base::contains(
      text,
      "  It explains\n    → Workers crash at start\n      → no worker serves requests\n"
      "        → renewals of 7 domains failed with 504\n"));
}

TEST_CASE("evidence stands strongest first with its place; what speaks against stands apart") {
  const std::string text = render_terminal(storm_report(), {});
  const size_t strongest = text.find("●●● the assertion");
  const size_t weaker = text.find("●●○ 14 reloads since the start (letsencrypt.log:7)");
  REQUIRE(strongest != std::string::npos);
  REQUIRE(weaker != std::string::npos);
  CHECK(strongest < weaker);
  CHECK(base::contains(text,
                       "  What speaks against it\n    ●○○ worker_shutdown_timeout is set "
                       "(/etc/nginx/nginx.conf:4)\n"));
}

TEST_CASE("commands stand alone, unwrapped, with what they interrupt and how to undo and verify") {
  const std::string text = render_terminal(storm_report(), {});
  CHECK(base::contains(
      text,
      "    1. Take the module out and start nginx anew\n"
      "         rm /etc/nginx/modules-enabled/50-mod-nchan.conf\n"
      "         nginx -t\n"
      "         systemctl kill --signal=SIGKILL nginx.service && systemctl start nginx.service && "
      "systemctl --no-pager status nginx.service\n"
      "       Interrupts: all connections of this nginx\n"));
  CHECK(base::contains(
      text,
      "       Undo:\n         ln -s /usr/share/nginx/modules-available/mod-nchan.conf "
      "/etc/nginx/modules-enabled/50-mod-nchan.conf\n"));
  CHECK(base::contains(text, "       Verify: ngxdiag scan says ok\n"));
}

TEST_CASE("the rest follows in order: rivals, advisories, open symptoms, time, checks, gaps") {
  const std::string text = render_terminal(storm_report(), {});
  size_t last = 0;
  for (const char* part :
       {"\nOther candidates\n", "\nWorth mending\n", "\nSeen, and not explained",
        "\nWhat happened when\n", "\nWhat to check next\n", "\nNot looked at\n", "\nLooked at\n"}) {
    const size_t here = text.find(part);
    REQUIRE_MESSAGE(here != std::string::npos, part);
    CHECK(here > last);
    last = here;
  }
}

TEST_CASE("no line of prose is wider than asked") {
  for (const size_t width : {60u, 80u, 120u}) {
    const std::string text = render_terminal(storm_report(), {.width = width});
    std::string_view rest = text;
    while (!rest.empty()) {
      const std::string_view line = base::take_line(rest);
      const bool command = line.starts_with("         ");
      if (!command) CHECK_MESSAGE(columns(line) <= width, std::string(line));
    }
  }
}

TEST_CASE("colour adds escapes and nothing else") {
  CHECK(without_colour(render_terminal(storm_report(), {.color = true})) ==
        render_terminal(storm_report(), {}));
}

TEST_CASE("log lines shown with --verbose are harmless") {
  const std::string text = render_terminal(storm_report(), {.verbose = true});
  CHECK(base::contains(text, "+30 dB"));
  CHECK(base::contains(text, "\\x1b[31m"));
  CHECK_FALSE(base::contains(text, "\x1b"));
}

TEST_CASE("a healthy report is short") {
  model::Report report;
  report.verdict = model::Verdict::kOk;
  report.summary = "Nothing wrong was found.";
  report.looked_at = {"error.log (error_log, 3 lines)"};
  CHECK(render_terminal(report, {}) ==
        "OK  Nothing wrong was found.\n\nLooked at\n  - error.log (error_log, 3 lines)\n");
  CHECK(render_verdict(report, {}) == "OK  Nothing wrong was found.\n");
}
