#include "libdiag/analyze/known_bugs.h"

#include <doctest/doctest.h>

#include <algorithm>

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
  CHECK(is_affected("1.22.1", "", bug));
  CHECK(is_affected("1.0.10", "", bug));
  CHECK(is_affected("1.28.1", "", bug));
  CHECK_FALSE(is_affected("1.28.2", "", bug));
  CHECK_FALSE(is_affected("1.29.5", "", bug));
  CHECK_FALSE(is_affected("1.1.0", "", bug));
  bug.versions = "1.9.2-<1.9.3";
  bug.fixed = "1.9.3";
  CHECK(is_affected("1.9.2", "", bug));
  CHECK_FALSE(is_affected("1.9.3", "", bug));
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

TEST_CASE(
    "a Debian revision that carries the patch is not accused; another distribution's is open") {
  KnownBug bug;
  bug.versions = "1.11.4-1.27.3";
  bug.fixed = "1.27.4;1.26.3;1.22.1-9+deb12u1";
  CHECK(is_affected("1.22.1", "", bug));
  CHECK(is_affected("1.22.1", "1.22.1-9", bug));
  CHECK_FALSE(is_affected("1.22.1", "1.22.1-9+deb12u1", bug));
  CHECK_FALSE(is_affected("1.22.1", "1.22.1-9+deb12u10", bug));
  CHECK(is_affected("1.22.1", "1.22.1-9ubuntu2", bug));
  CHECK(is_affected("1.18.0", "1.18.0-6.1+deb11u5", bug));
}

TEST_CASE("modules are told by their own version, wherever it stands") {
  const auto told = [](const std::string& name, const std::string& text) {
    return list(Scene().with(name, text).facts(), "advisories.module.nchan");
  };
  const auto has = [](const std::vector<std::string>& texts, std::string_view part) {
    return std::any_of(texts.begin(), texts.end(),
                       [&](const auto& text) { return text.find(part) != std::string::npos; });
  };
  CHECK(has(told("modules.txt", "nchan 1.3.0\n"), "invalid message id"));
  CHECK(has(told("V.txt",
                 "nginx version: nginx/1.18.0\nconfigure arguments: "
                 "--add-module=/src/nchan-1.1.14 --with-compat\n"),
            "Redis cluster node goes away"));
  CHECK_FALSE(has(told("modules.txt", "nchan 1.3.7\n"), "fixed in"));
  // Debian's package: the fix of 1.3.6 is in, that of 1.3.7 is not.
  const auto debian = told("dpkg.txt", "ii  libnginx-mod-nchan  1:1.3.6+dfsg-2  amd64  pub/sub\n");
  CHECK(has(debian, "1.3.7"));
  CHECK_FALSE(has(debian, "1.3.6)"));
}

TEST_CASE("a module's bug in a feature that is not in use is not told") {
  const std::string config = "events {}\nhttp { nchan_redis_pass r; }\n";
  const auto with = Scene().with("m.txt", "nchan 1.3.4\n").with("nginx.conf", config).facts();
  const auto without =
      Scene().with("m.txt", "nchan 1.3.4\n").with("nginx.conf", "events {}\nhttp {}\n").facts();
  const auto count = [](const model::FactSet& facts) {
    return list(facts, "advisories.module.nchan").size();
  };
  CHECK(count(with) > count(without));
}

TEST_CASE("lua-resty-core and the lua module must be of one time") {
  const std::string_view table = base::builtin_data("lua_pairs.tsv");
  CHECK(resty_core_wants(table, "0.1.21", "0.10.17") == "0.10.18 or 0.10.19");
  CHECK_FALSE(resty_core_wants(table, "v0.1.21", "v0.10.19"));
  CHECK_FALSE(resty_core_wants(table, "0.1.15", "0.10.26"));
  CHECK(resty_core_wants(table, "0.1.15", "0.10.12") == "0.10.13+");
  CHECK_FALSE(resty_core_wants(table, "9.9.9", "0.10.12"));
  const auto wants = [](const std::string& listed) {
    return list(Scene().with("modules.txt", listed).facts(), "advisories.resty_core_wants");
  };
  CHECK(wants("lua 0.10.17\nlua-resty-core 0.1.23\n") == std::vector<std::string>{"0.10.21"});
  CHECK(wants("lua 0.10.23-1\nlua-resty-core 0.1.24-2\n") == std::vector<std::string>{"(unknown)"});
}

TEST_CASE("the forks are judged by the nginx they are built on") {
  const auto security = [](const std::string& version) {
    return list(Scene()
                    .with("v.txt", version)
                    .with("nginx.conf", "events {}\nhttp { server { location /v { mp4; } } }\n")
                    .facts(),
                "advisories.security");
  };
  const auto open = [&](const std::string& version) {
    const auto texts = security(version);
    return std::any_of(texts.begin(), texts.end(),
                       [](const auto& text) { return text.starts_with("CVE-2022-41741"); });
  };
  CHECK(open("nginx version: openresty/1.21.4.1\n"));
  CHECK(open("nginx version: Tengine/2.3.2\n"));
  CHECK_FALSE(open("nginx version: openresty/1.25.3.2\n"));
  CHECK_FALSE(open("nginx version: Angie/1.10.2\n"));
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
    CHECK_FALSE(bug.fixed.empty());
    CHECK((bug.kind == "security" || bug.kind == "crash" || bug.kind == "hang" ||
           bug.kind == "cpu" || bug.kind == "leak"));
    CHECK_FALSE(bug.says.empty());
  }
}
