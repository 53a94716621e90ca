#include "libdiag/correlate/registry.h"

#include <doctest/doctest.h>

#include <set>

using namespace ngxdiag::correlate;

TEST_CASE("every correlator declares facts with a meaning, none twice") {
  std::set<std::string_view> names;
  for (const Correlator* correlator : correlators())
    for (size_t i = 0; i < correlator->spec_count; ++i) {
      CHECK(names.insert(correlator->specs[i].name).second);
      CHECK_FALSE(correlator->specs[i].meaning.empty());
    }
}
