#include "libdiag/render/config_text.h"

#include <doctest/doctest.h>

#include "tests/render/config_report.h"

namespace ngxdiag::render {
namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a finding is shown with its place, its meaning and what to write") {
  const std::string text = render_config_text(config_report(), {});
  CHECK(text.starts_with("CRITICAL 1 critical"));
  CHECK(has(text, "/etc/nginx/nginx.conf:12:5 alias /srv/a/;"));
  CHECK(has(text, "[alias-traversal]"));
  CHECK(has(text, "What it means"));
  CHECK(has(text, "    alias /srv/a/;\n"));
  CHECK(has(text, "Known already, and not counted: 1 finding"));
  CHECK_FALSE(has(text, "the files are public"));
  CHECK_FALSE(has(text, "\x1b"));
  CHECK(has(render_config_text(config_report(), {.verbose = true}), "the files are public"));
}

TEST_CASE("many places of one check are counted, and shown when asked for") {
  model::ConfigReport report = config_report();
  report.findings.resize(20, report.findings.front());
  CHECK(has(render_config_text(report, {}), "and 16 more"));
  CHECK_FALSE(has(render_config_text(report, {.verbose = true}), "more (--verbose"));
}

TEST_CASE("the verdict alone is one line") {
  CHECK(render_config_verdict(config_report(), {}) ==
        "CRITICAL 1 critical (2 files, 9 directives, 3 checks)\n");
}

}  // namespace ngxdiag::render
