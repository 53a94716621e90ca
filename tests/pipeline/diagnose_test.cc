#include "libdiag/pipeline/diagnose.h"

#include <doctest/doctest.h>

using namespace ngxdiag;

namespace {
source::Evidence evidence(std::initializer_list<std::pair<const char*, const char*>> files) {
  source::Evidence out;
  out.now = *base::civil(2026, 4, 22, 9);
  out.instances.emplace_back();
  out.instances[0].files = source::no_files();
  for (const auto& [name, text] : files)
    out.instances[0].documents.push_back(source::text_document(name, text));
  return out;
}
const pipeline::Knowledge& knowledge() {
  static const pipeline::Knowledge kKnowledge = pipeline::load_knowledge();
  return kKnowledge;
}
constexpr const char* kStorm =
    "2026/04/21 23:18:19 [notice] 812#812: signal process started\n"
    "ter process /usr/sbin/nginx: /src/nchan/src/store/memory/memstore.c:705: "
    "nchan_store_init_worker: Assertion "
    "`procslot_found == 1' failed.\n"
    "2026/04/21 23:18:20 [alert] 700#700: worker process 9001 exited on signal 6\n"
    "2026/04/21 23:18:20 [alert] 700#700: shared memory zone \"memstore\" was locked by 9001\n";
}  // namespace

TEST_CASE("the storm names nchan first, from the log alone") {
  const model::Report report = pipeline::diagnose(evidence({{"error.log", kStorm}}), knowledge());
  REQUIRE_FALSE(report.findings.empty());
  CHECK(report.findings[0].component == "nchan");
  CHECK(report.findings[0].confidence >= 0.9);
  CHECK(report.verdict == model::Verdict::kCritical);
  CHECK_FALSE(report.findings[0].fixes.empty());
}

TEST_CASE("the order of the evidence does not change the findings") {
  const auto a = pipeline::diagnose(
      evidence({{"error.log", kStorm}, {"v.txt", "nginx version: nginx/1.24.0\n"}}), knowledge());
  const auto b = pipeline::diagnose(
      evidence({{"v.txt", "nginx version: nginx/1.24.0\n"}, {"error.log", kStorm}}), knowledge());
  REQUIRE(a.findings.size() == b.findings.size());
  for (size_t i = 0; i < a.findings.size(); ++i) {
    CHECK(a.findings[i].id == b.findings[i].id);
    CHECK(a.findings[i].confidence == b.findings[i].confidence);
  }
}

TEST_CASE("what only and skip name is kept or left out") {
  pipeline::Options options;
  options.skip = {"nchan"};
  for (const model::Finding& finding :
       pipeline::diagnose(evidence({{"error.log", kStorm}}), knowledge(), options).findings)
    CHECK(finding.component != "nchan");
}

TEST_CASE("evidence of nothing is unknown, never ok") {
  const model::Report report =
      pipeline::diagnose(evidence({{"a.txt", "hello\nworld\n"}}), knowledge());
  CHECK(report.verdict == model::Verdict::kUnknown);
}

TEST_CASE("where nothing is wrong, nothing is asked for") {
  const model::Report report = pipeline::diagnose(
      evidence({{"error.log",
                 "2026/04/21 23:18:20 [notice] 7#7: reconfiguring\n"
                 "2026/04/21 23:18:21 [notice] 9#9: gracefully shutting down\n"},
                {"nginx.conf",
                 "worker_processes 2;\nworker_shutdown_timeout 60s;\nevents {}\nhttp {}\n"}}),
      knowledge());
  CHECK(report.verdict == model::Verdict::kOk);
  CHECK(report.next_checks.empty());
}
