#include "libdiag/render/summary.h"

#include <doctest/doctest.h>

#include "libdiag/base/text.h"

using namespace ngxdiag;
using namespace ngxdiag::render;

namespace {

model::Summary week() {
  const auto at = [](const char* text) { return *base::parse_civil(text); };
  model::Summary out;
  out.host = "web1";
  out.from = at("2026-04-15 09:00:00");
  out.until = at("2026-04-22 09:00:00");
  out.reports = 672;
  out.by_verdict[0] = 660;
  out.by_verdict[2] = 12;
  out.spans = {{model::Verdict::kOk, out.from, at("2026-04-21 23:15:00"), 660},
               {model::Verdict::kCritical, at("2026-04-21 23:30:00"), out.until, 12}};
  out.troubles = {{"workers-crash", "/run/n.pid", "Workers *crash*\x1b", model::Severity::kCritical,
                   at("2026-04-21 23:30:00"), out.until, 12, true, false},
                  {"old-workers", "", "Old workers stay", model::Severity::kWarning, out.from,
                   out.from, 1, false, true}};
  return out;
}

}  // namespace

TEST_CASE("the text names what was wrong, how often and whether it lasts") {
  const std::string text = summary_text(week(), 80);
  CHECK(text ==
        "nginx on web1, 2026-04-15 09:00:00 to 2026-04-22 09:00:00: 672 reports: 660 ok,\n"
        "  12 critical\n"
        "\n"
        "What was wrong\n"
        "  new, critical: Workers *crash*\\x1b [workers-crash]\n"
        "    in 12 reports, 2026-04-21 23:30:00 to 2026-04-22 09:00:00\n"
        "    in /run/n.pid\n"
        "  mended, warning: Old workers stay [old-workers]\n"
        "    in 1 report, 2026-04-15 09:00:00\n"
        "\n"
        "Verdicts\n"
        "  2026-04-15 09:00:00 ok until 2026-04-21 23:15:00 (660 reports)\n"
        "  2026-04-21 23:30:00 critical until 2026-04-22 09:00:00 (12 reports)\n");
}

TEST_CASE("Markdown escapes, JSON is complete") {
  CHECK(base::contains(summary_markdown(week()), "Workers \\*crash\\*\\\\x1b (`workers-crash`)"));
  const std::string json = summary_json(week());
  CHECK(base::contains(json, "\"schema\": \"ngxdiag.summary/1\""));
  CHECK(base::contains(json, "\"was_before\": true"));
  CHECK(base::contains(json, "\"critical\": 12"));
}

TEST_CASE("no report is said to be none") {
  CHECK(base::contains(summary_text({}, 100), "no report"));
  CHECK(base::contains(summary_markdown({}), "no report"));
}
