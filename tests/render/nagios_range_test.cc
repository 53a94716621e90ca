#include "libdiag/render/nagios_range.h"

#include <doctest/doctest.h>

using ngxdiag::render::NagiosRange;

TEST_CASE("the ranges of the Monitoring Plugins guidelines") {
  struct Case {
    const char* range;
    double value;
    bool alerts;
  };
  for (const Case& c : {Case{"10", 10, false},
                        {"10", 11, true},
                        {"10", -1, true},
                        {"10:", 9, true},
                        {"10:", 10, false},
                        {"~:10", -5, false},
                        {"~:10", 10.5, true},
                        {"10:20", 15, false},
                        {"10:20", 21, true},
                        {"@10:20", 15, true},
                        {"@10:20", 21, false},
                        {"@10", 0, true},
                        {"-3:-1", -2, false},
                        {"0.5", 0.6, true}}) {
    const auto range = NagiosRange::parse(c.range);
    REQUIRE_MESSAGE(range, c.range);
    CHECK_MESSAGE(range->alerts(c.value) == c.alerts, c.range);
    CHECK(range->text() == c.range);
  }
}

TEST_CASE("what is no range is none") {
  for (const char* text : {"", "@", ":", "~", "~:", "ten", "1e3", "20:10", "10:x", "1:2:3", "--1",
                           "nan", "0x10", "99999999999999999999", "1.x"})
    CHECK_MESSAGE(!NagiosRange::parse(text), text);
}
