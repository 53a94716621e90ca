#include "libdiag/audit/condition.h"

#include <doctest/doctest.h>

#include "tests/audit/support.h"

namespace ngxdiag::audit {
namespace {

using Form = Condition::Form;

bool met(const Parsed& p, std::string_view name, Condition condition, const Host& host = {}) {
  return holds(condition, p.tree, p.id(name), host);
}

Condition about(Form form, std::vector<std::string> names, std::string regex = "") {
  Condition out;
  out.form = form;
  out.names = std::move(names);
  if (!regex.empty()) out.test.matches.emplace(regex);
  return out;
}

}  // namespace

TEST_CASE("forms of a condition") {
  const Parsed p(
      "events { }\nhttp { gzip on;\n server { listen 80;\n location /x { allow 192.0.2.1; deny "
      "all; "
      "} } }\n");
  CHECK(met(p, "allow", about(Form::kIn, {"location"})));
  CHECK_FALSE(met(p, "allow", about(Form::kIn, {"server"})));
  CHECK(met(p, "events", about(Form::kIn, {"main"})));
  CHECK(met(p, "allow", about(Form::kUnder, {"server"})));
  CHECK(met(p, "allow", about(Form::kBeside, {"deny"}, "^all$")));
  CHECK_FALSE(met(p, "allow", about(Form::kBeside, {"deny"}, "^none$")));
  CHECK(met(p, "location", about(Form::kHas, {"deny"})));
  CHECK_FALSE(met(p, "server", about(Form::kHas, {"deny"})));
  CHECK(met(p, "server", about(Form::kContains, {"deny"})));
  CHECK(met(p, "allow", about(Form::kEffective, {"gzip"}, "^on$")));
  CHECK(met(p, "allow", about(Form::kAbsent, {"root"})));
  CHECK_FALSE(met(p, "allow", about(Form::kAbsent, {"gzip"})));
  CHECK(met(p, "allow", about(Form::kAnywhere, {"listen"}, "^80$")));
  CHECK(met(p, "allow", about(Form::kComplete, {})));
}

TEST_CASE("a fragment cannot say that something is absent") {
  const Parsed p("server { listen 80; }\n");
  CHECK_FALSE(met(p, "listen", about(Form::kAbsent, {"root"})));
}

TEST_CASE("an unknown version is neither below nor above") {
  const Parsed p("events { }\n");
  CHECK_FALSE(met(p, "events", about(Form::kNginxBelow, {"1.25.1"})));
  CHECK_FALSE(met(p, "events", about(Form::kNginxAtLeast, {"1.25.1"})));
  Host host;
  host.nginx_version = "1.22.1";
  CHECK(met(p, "events", about(Form::kNginxBelow, {"1.25.1"}), host));
}

TEST_CASE("arguments are tested as text and as numbers with units") {
  const Parsed p("x 10 4k 2h name;\n");
  ArgTest test;
  test.arg = 1;
  test.above = 4000;
  CHECK(test.holds(p.tree.at(0)));
  test.arg = 2;
  test.above = 7200;
  CHECK_FALSE(test.holds(p.tree.at(0)));
  ArgTest any;
  any.arg = -2;
  any.is = {"name"};
  CHECK(any.holds(p.tree.at(0)));
  any.arg = 9;
  CHECK_FALSE(any.holds(p.tree.at(0)));
}

}  // namespace ngxdiag::audit
