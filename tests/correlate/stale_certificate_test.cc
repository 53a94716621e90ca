#include "libdiag/correlate/stale_certificate.h"

#include <doctest/doctest.h>

#include "tests/correlate/support.h"

using namespace ngxdiag::correlate;
using ngxdiag::model::FactSet;
using ngxdiag::model::Value;

namespace {

using Names = std::vector<std::string>;

FactSet with(const std::vector<std::pair<std::string, Value>>& facts) {
  FactSet known;
  for (const auto& [name, value] : facts) known.put(name, value, {{"config", "c"}}, "test");
  return correlated({}, known);
}

const std::pair<std::string, Value> kOld{"cert.served_older", Names{"a: on disk until …"}};
const std::pair<std::string, Value> kChecked{"cert.served_checked", int64_t{1}};

}  // namespace

TEST_CASE("the nearest reason is named") {
  CHECK(with({kOld, kChecked}).text("stale.reason") == "not-reloaded");
  const auto hook = with({kOld,
                          kChecked,
                          {"renewal.reload_hook", false},
                          {"renewal.without_reload", Names{"a"}},
                          {"renewal.idle_hooks", Names{}}});
  CHECK(hook.text("stale.reason") == "no-hook");
  CHECK(hook.text("stale.why") == "no deploy hook: nothing reloads nginx after a renewal: a");
  CHECK(with({kOld, {"renewal.reload_hook", false}, {"renewal.idle_hooks", Names{"/h.sh"}}})
            .text("stale.reason") == "hook-not-executable");
  CHECK(with({kOld, {"renewal.reload_hook", true}, {"acme.hook_failures", int64_t{1}}})
            .text("stale.reason") == "hook-failed");
  const auto refused = with({kOld,
                             {"renewal.reload_hook", false},
                             {"reloads.refused", int64_t{2}},
                             {"reloads.refused_reason", std::string("unknown directive \"x\"")}});
  CHECK(refused.text("stale.why") == "a reload was refused: unknown directive \"x\"");
  CHECK(with({kOld, {"reloads.refused", int64_t{1}}, {"sockets.taken", Names{"443 by apache2"}}})
            .text("stale.reason") == "other-process");
}

TEST_CASE("workers that are younger than the file cannot hold the old one") {
  CHECK(with({kOld, {"cert.newer_than_workers", Names{}}}).text("stale.reason") == "old-workers");
}

TEST_CASE("nothing is said of a file that was only touched, nor of a sound host") {
  CHECK(with({kChecked, {"cert.served_older", Names{}}, {"cert.newer_than_workers", Names{"x"}}})
            .find("stale.reason") == nullptr);
  CHECK(with({{"cert.newer_than_workers", Names{"x"}}}).text("stale.reason") == "not-reloaded");
  CHECK(with({{"renewal.reload_hook", false}}).find("stale.reason") == nullptr);
}
