#include "libdiag/audit/detectors.h"

#include <doctest/doctest.h>

#include <set>

#include "libdiag/audit/detect_themes.h"

namespace ngxdiag::audit {

TEST_CASE("every detector is used by a check, and none twice in the tables") {
  std::set<std::string_view> used, known;
  const auto checks = builtin_checks();
  for (const Check& check : checks)
    if (check.detector) used.insert(check.detector_name);
  for (const auto& theme :
       {capacity_detectors(), context_detectors(), header_detectors(), location_detectors(),
        regex_detectors(), server_detectors(), tls_detectors(), upstream_detectors()})
    for (const NamedDetector& one : theme) {
      CAPTURE(one.name);
      CHECK(known.insert(one.name).second);
      CHECK(used.count(one.name) == 1);
    }
  CHECK((detector("no such") ? false : true));
}

}  // namespace ngxdiag::audit
