#include "libdiag/analyze/registry.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace ngxdiag::analyze;

TEST_CASE("every analyzer asks a question, declares facts with a meaning, and no fact twice") {
  std::set<std::string_view> names, facts;
  for (const Analyzer* analyzer : analyzers()) {
    CHECK(names.insert(analyzer->name).second);
    CHECK(analyzer->asks.ends_with("?"));
    for (size_t i = 0; i < analyzer->spec_count; ++i) {
      CAPTURE(analyzer->specs[i].name);
      CHECK(facts.insert(analyzer->specs[i].name).second);
      CHECK_FALSE(analyzer->specs[i].meaning.empty());
    }
  }
}

TEST_CASE("the longest witness wins, and a star takes any rest") {
  Tables tables;
  tables.witnesses = {{"function", "ngx_http_*", "nginx"},
                      {"function", "ngx_http_lua_*", "lua"},
                      {"path", "nchan", "nchan"}};
  CHECK(tables.owner("function", "ngx_http_lua_run") == "lua");
  CHECK(tables.owner("function", "ngx_http_core") == "nginx");
  CHECK(tables.owner("path", "/src/nchan/src/x.c") == "nchan");
  CHECK(tables.owner("zone", "memstore").empty());
}
