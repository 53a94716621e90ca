#include "libdiag/correlate/onset.h"

#include <doctest/doctest.h>

#include "tests/correlate/support.h"

using namespace ngxdiag::correlate;
using ngxdiag::model::EventKind;

TEST_CASE("what came last before the first death is told, with the reloads since the start") {
  const auto facts = correlated({event(EventKind::kReload, 10), event(EventKind::kStart, 50),
                                 event(EventKind::kReload, 90), event(EventKind::kReload, 96),
                                 event(EventKind::kDeath, 100), event(EventKind::kReload, 120)},
                                {});
  CHECK(facts.text("onset.after") == "reload");
  CHECK(facts.number("onset.seconds_after") == 4);
  CHECK(facts.number("onset.reloads_before") == 2);
}

TEST_CASE("a package upgraded within a day before the first death is named") {
  CHECK(correlated({event(EventKind::kPackage, 1000), event(EventKind::kDeath, 2000)}, {})
            .find("onset.package") != nullptr);
  CHECK(correlated({event(EventKind::kPackage, 1000), event(EventKind::kDeath, 99000)}, {})
            .find("onset.package") == nullptr);
}

TEST_CASE("without a death there is no onset") {
  CHECK(correlated({event(EventKind::kReload, 10)}, {}).find("onset.after") == nullptr);
}
