#include "libdiag/correlate/acme_moment.h"

#include <doctest/doctest.h>

#include "tests/correlate/support.h"

using namespace ngxdiag::correlate;
using ngxdiag::model::EventKind;
using ngxdiag::model::FactSet;

namespace {

std::string said(const FactSet& facts) {
  const auto* fact = facts.find("acme_moment.says");
  return fact ? ngxdiag::model::to_text(fact->value) : "unknown";
}

ngxdiag::model::Event told(EventKind kind, ngxdiag::base::CivilTime time, const char* subject,
                           const char* says) {
  auto out = event(kind, time);
  out.subject = subject;
  out.says = says;
  return out;
}

}  // namespace

TEST_CASE("a renewal that failed while nginx was down") {
  const auto facts = correlated({told(EventKind::kAcmeFailed, 1000, "a.example", ""),
                                 told(EventKind::kStart, 1012, "", "nginx starts")},
                                {});
  CHECK(facts.number("acme_moment.before_start") == 1);
  CHECK(said(facts) == "a.example failed 12 s before: nginx starts");
}

TEST_CASE("the nearest event is named, and each kind is counted") {
  const auto facts = correlated({told(EventKind::kDeath, 960, "", "worker 7 died"),
                                 told(EventKind::kReload, 999, "", "reload"),
                                 told(EventKind::kAcmeFailed, 1000, "b.example", "")},
                                {});
  CHECK(said(facts) == "b.example failed 1 s after: reload");
  CHECK(facts.number("acme_moment.after_reload") == 1);
  CHECK(facts.number("acme_moment.after_crash") == 1);
  CHECK(facts.number("acme_moment.before_start") == 0);
  CHECK(facts.number("acme_moment.quiet") == 0);
}

TEST_CASE("a failure far from everything is told as such") {
  const auto facts = correlated({told(EventKind::kReload, 10, "", "reload"),
                                 told(EventKind::kAcmeFailed, 5000, "c.example", "")},
                                {});
  CHECK(facts.number("acme_moment.quiet") == 1);
  CHECK(said(facts).empty());
}

TEST_CASE("without any event of nginx nothing is known") {
  CHECK(said(correlated({told(EventKind::kAcmeFailed, 5000, "c.example", "")}, {})) == "unknown");
}
