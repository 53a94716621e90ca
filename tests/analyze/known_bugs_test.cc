#include "libdiag/analyze/known_bugs.h"

#include <doctest/doctest.h>

#include "libdiag/base/builtin_data.h"
#include "libdiag/base/error.h"
#include "libdiag/base/regex.h"
#include "libdiag/base/text.h"
#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

TEST_CASE("a version is affected inside its range, unless its own branch was mended") {
  KnownBug bug;
  bug.versions = "1.3.0-1.29.4;1.0.7-1.0.15";
  bug.fixed = "1.29.5;1.28.2";
  CHECK(is_affected("1.22.1", bug));
  CHECK(is_affected("1.0.10", bug));
  CHECK(is_affected("1.28.1", bug));
  CHECK_FALSE(is_affected("1.28.2", bug));
  CHECK_FALSE(is_affected("1.29.5", bug));
  CHECK_FALSE(is_affected("1.1.0", bug));
  bug.versions = "1.9.2-<1.9.3";
  bug.fixed = "1.9.3";
  CHECK(is_affected("1.9.2", bug));
  CHECK_FALSE(is_affected("1.9.3", bug));
}

TEST_CASE("what the bug needs must be in use; a fragment that does not show it cannot tell") {
  const auto whole =
      Scene()
          .with("nginx.conf",
                "events {}\nhttp { ssi on; server { location / { proxy_pass http://a; } } }\n")
          .facts();
  const auto fragment = Scene().with("nginx.conf", "ssi off;\n").facts();
  KnownBug bug;
  bug.needs = "ssi=^on&proxy_pass|mp4";
  CHECK(is_in_use(bug, whole) == true);
  bug.needs = "mp4|listen=(quic|http3)";
  CHECK(is_in_use(bug, whole) == false);
  CHECK_FALSE(is_in_use(bug, fragment));
  bug.needs = "";
  CHECK(is_in_use(bug, fragment) == true);
}

TEST_CASE("advisories are told for the running version and the features in use only") {
  Scene scene;
  scene.with("v.txt", "nginx version: nginx/1.22.0\n")
      .with("nginx.conf", "events {}\nhttp { server { listen 443 ssl; location /v { mp4; } } }\n");
  const auto texts = list(scene.facts(), "advisories.security");
  CHECK(std::any_of(texts.begin(), texts.end(),
                    [](const auto& text) { return text.starts_with("CVE-2022-41741"); }));
  CHECK(std::none_of(texts.begin(), texts.end(),
                     [](const auto& text) { return text.starts_with("CVE-2024-24989"); }));
  CHECK(Scene().with("nginx.conf", "events {}\n").facts().find("advisories.security") == nullptr);
}

TEST_CASE("every row of the shipped table can be read") {
  size_t rows = 0;
  std::string_view table = base::builtin_data("known_bugs.tsv");
  for (std::string_view rest = table; !rest.empty();)
    if (const auto line = base::take_line(rest); !line.empty() && line[0] != '#') ++rows;
  const auto bugs = read_known_bugs(table);
  CHECK(bugs.size() == rows);
  CHECK(rows > 50);
  for (const KnownBug& bug : bugs) {
    CAPTURE(bug.id);
    for (const std::string_view way : base::split(bug.needs, '|'))
      if (const size_t equals = way.find('=');
          equals != std::string_view::npos && way.find('(') == std::string_view::npos)
        CHECK_NOTHROW(base::Regex(way.substr(equals + 1, way.find('&') - equals - 1)));
    CHECK((bug.kind == "security" || bug.kind == "crash" || bug.kind == "hang" ||
           bug.kind == "cpu" || bug.kind == "leak"));
    CHECK_FALSE(bug.says.empty());
  }
}
