#include "libdiag/render/html.h"

#include <doctest/doctest.h>

#include "libdiag/base/text.h"
#include "tests/render/storm_report.h"

using namespace ngxdiag;
using namespace ngxdiag::render;

TEST_CASE("verdict, cause, chain and commands in the order of telling") {
  const std::string page = render_html(storm_report());
  size_t at = 0;
  for (const char* part : {"<!DOCTYPE html>",
                           "<html lang=\"en\">",
                           "<title>nginx on web1: critical</title>",
                           "badge-critical\">CRITICAL</span>No worker serves",
                           "Likeliest cause: nchan, nearly certain (99 %)",
                           "Nchan has no worker slot left",
                           "What follows from it",
                           "Workers crash at start<ul class=\"chain\">",
                           "renewals of 7 domains",
                           "What to do",
                           "<pre>rm /etc/nginx/modules-enabled/50-mod-nchan.conf</pre>",
                           "<dt>Undo</dt>",
                           "<svg ",
                           "●●●",
                           "procslot_found",
                           "Worth mending",
                           "All findings",
                           "Symptoms",
                           "nothing found",
                           "cat /proc/812/wchan",
                           "permission denied: run as root",
                           "deaths.total",
                           "</html>"}) {
    const size_t found = page.find(part, at);
    CHECK_MESSAGE(found != std::string::npos, part);
    if (found != std::string::npos) at = found;
  }
}

TEST_CASE("nothing of the evidence is markup") {
  model::Report report = storm_report();
  const std::string hostile = "</script><img src=x onerror=\"a()\">'\x1b]0;\xe2\x80\xae";
  report.host = report.summary = report.generated = hostile;
  report.findings[0].title = report.findings[0].explanation = hostile;
  report.findings[0].component = report.findings[0].instance = report.findings[0].id = hostile;
  report.findings[0].evidence[0].says = report.findings[0].evidence[0].source.path = hostile;
  report.findings[0].evidence[0].source.excerpt = hostile;
  report.findings[0].fixes[0].commands = {hostile};
  report.findings[0].fixes[0].impact = report.findings[0].fixes[0].undo = hostile;
  report.findings[0].references = {hostile, "javascript:a()"};
  report.findings[1].explained_by = report.symptoms[0].says = report.symptoms[0].explained_by =
      hostile;
  report.timeline[0].says = report.timeline[2].says = hostile;
  report.next_checks[0] = {hostile, hostile};
  report.not_observed[0] = {hostile, hostile};
  report.looked_at[0] = hostile;
  report.facts.put(hostile, hostile, {at(hostile, 1)}, "crashes");
  const std::string page = render_html(report);
  CHECK(!base::contains(page, "<img"));
  CHECK(!base::contains(page, "href=\"javascript"));
  CHECK(page.find("</script>") == page.rfind("</script>"));
  CHECK(!base::contains(page, "\x1b"));
  CHECK(!base::contains(page, "\xe2\x80\xae"));
}

TEST_CASE("a healthy host has a short page, an open cause blames nobody") {
  model::Report report;
  report.verdict = model::Verdict::kOk;
  report.summary = "Nothing is wrong.";
  const std::string page = render_html(report);
  CHECK(base::contains(page, "badge-ok\">OK</span>Nothing is wrong."));
  CHECK(!base::contains(page, "<section"));
  report.findings.push_back(storm_report().findings[1]);
  CHECK(base::contains(render_html(report), "The cause is not determined yet"));
}

TEST_CASE("worker lives by generation are a table, for each of several nginx its own") {
  using List = std::vector<std::string>;
  model::Report report = storm_report();
  CHECK_FALSE(base::contains(render_html(report), "Worker lives by generation"));
  for (const char* nginx : {"master 7.", "master <8>."}) {
    const std::string name = std::string(nginx) + "generations.";
    report.facts.put(name + "began", List{"2026-04-21 23:18:16", "2026-04-21 23:10:02"},
                     {at("ps.txt", 6)}, "generations");
    report.facts.put(name + "serving", List{"16", "0"}, {at("ps.txt", 6)}, "generations");
    report.facts.put(name + "leaving", List{"0", "7"}, {at("ps.txt", 6)}, "generations");
  }
  const std::string page = render_html(report);
  CHECK(base::contains(page, "<h3>master &lt;8&gt;</h3>"));
  CHECK(base::contains(page, "<td>8 min 14 s</td><td>7 still leaving</td><td>unknown</td>"));
  CHECK(base::contains(page, "<td>the present one</td><td>16 serving</td>"));
}

TEST_CASE("what has changed stands in the page") {
  model::Report report = storm_report();
  report.changes = model::Changes{};
  CHECK(base::contains(render_html(report), "The first report"));
  report.changes = model::Changes{
      .since = "2026-04-22T08:00:00Z",
      .verdict_before = model::Verdict::kOk,
      .items = {{model::Change::Kind::kGone, "x", "", "<b>", model::Severity::kInfo, ""}}};
  const std::string page = render_html(report);
  CHECK(base::contains(page, "<strong>verdict:</strong> ok -&gt; critical"));
  CHECK(base::contains(page, "<strong>gone:</strong> &lt;b&gt; <code>x</code>"));
  report.changes->items.clear();
  report.changes->verdict_before = report.verdict;
  CHECK(base::contains(render_html(report), "<p class=\"dim\">Nothing.</p>"));
}
