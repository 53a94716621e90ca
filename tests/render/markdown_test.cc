#include "libdiag/render/markdown.h"

#include <doctest/doctest.h>

#include "libdiag/base/text.h"
#include "tests/render/storm_report.h"

using namespace ngxdiag;
using namespace ngxdiag::render;

TEST_CASE("verdict, cause, chain, evidence and commands in fences") {
  const std::string text = render_markdown(storm_report());
  CHECK(text.starts_with("# nginx on web1: CRITICAL\n"));
  CHECK(base::contains(text, "\n## Nchan has no worker slot left after 14 reloads\n"));
  CHECK(base::contains(
      text,
      "- Workers crash at start\n  - no worker serves requests\n    - renewals of 7 domains"));
  CHECK(base::contains(
      text, "   ```sh\n   rm /etc/nginx/modules-enabled/50-mod-nchan.conf\n   nginx -t\n"));
  CHECK(base::contains(text, "(`error.log:120`)"));
}

TEST_CASE("evidence is text, never markup") {
  model::Report report = storm_report();
  report.findings[0].evidence[0].says = "<script>*x*</script> [a](javascript:b) `c`\n# head";
  report.findings[0].evidence[0].source.path = "a`b``c";
  const std::string text = render_markdown(report);
  CHECK(base::contains(text,
                       "- &lt;script\\>\\*x\\*&lt;/script\\> \\[a\\](javascript:b) \\`c\\` \\# "
                       "head (```a`b``c:7```)"));
}
