#include "libdiag/history/store.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>
#include <unistd.h>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"

using namespace ngxdiag;
using history::Store;
namespace fs = std::filesystem;

namespace {

constexpr int kSoon = 50;  // ms

// A folder that ends with its scope.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "ngxdiag-history-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  std::string file() const { return (path / "history.sqlite").string(); }
};

model::Report report(const std::string& host, const std::string& trouble,
                     model::Verdict verdict = model::Verdict::kWarning) {
  model::Report out;
  out.host = host;
  out.generated = "2026-04-22T09:00:00+02:00";
  out.verdict = verdict;
  if (!trouble.empty()) {
    model::Finding finding;
    finding.id = trouble;
    finding.title = "Title of " + trouble + "'; DROP TABLE report; --";
    finding.severity = model::Severity::kWarning;
    finding.confidence = 0.9;
    out.findings = {finding};
  }
  out.facts.put("stale.workers", int64_t{3}, {{}}, "stale");
  return out;
}

std::string bytes_of(const std::string& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

std::string refusal(const std::string& file, Store::Use use = Store::Use::kWrite) {
  try {
    Store store(file, use, kSoon);
    store.add(report("web1", "a"), 1000, {});
  } catch (const base::UserError& error) {
    return error.text();
  }
  return "";
}

}  // namespace

TEST_CASE("the report before is that of the same host") {
  const Folder folder;
  Store store(folder.file(), Store::Use::kWrite);
  CHECK_FALSE(store.add(report("web1", "a"), 1000, {}));
  CHECK_FALSE(store.add(report("web2", "b"), 1001, {}));
  const auto before = store.add(report("web1", "c"), 1002, {});
  REQUIRE(before);
  REQUIRE(before->troubles.size() == 1);
  CHECK(before->troubles[0].id == "a");
  CHECK(before->troubles[0].title == "Title of a'; DROP TABLE report; --");
  CHECK(before->troubles[0].severity == model::Severity::kWarning);
  CHECK(before->troubles[0].confidence == 0.9);
  REQUIRE(before->measures.size() == 1);
  CHECK(before->measures[0].value == 3);
  CHECK(before->verdict == model::Verdict::kWarning);
  CHECK(store.size() == 3);
}

TEST_CASE("it lasts, and nobody else may read it") {
  const Folder folder;
  { Store(folder.file(), Store::Use::kWrite).add(report("web1", "a"), 1000, {}); }
  CHECK((fs::status(folder.file()).permissions() & fs::perms::others_all) == fs::perms::none);
  Store again(folder.file(), Store::Use::kWrite);
  CHECK(again.size() == 1);
  CHECK(again.add(report("web1", "a"), 1001, {}));
}

TEST_CASE("retention by days and by count, of this host alone") {
  const Folder folder;
  Store store(folder.file(), Store::Use::kWrite);
  constexpr int64_t kDay = 86400;
  store.add(report("web2", "a"), 0, {});
  for (int day = 0; day < 10; ++day) store.add(report("web1", "a"), day * kDay, {0, 0});
  CHECK(store.size() == 11);
  store.add(report("web1", "a"), 10 * kDay, {5, 0});  // days 5 to 10 remain
  CHECK(store.size() == 7);
  store.add(report("web1", "a"), 10 * kDay, {0, 2});
  CHECK(store.size() == 3);
  // What a forgotten report held is gone with it.
  const auto summary = store.summary("web1", 0, 20 * kDay);
  CHECK(summary.reports == 2);
  REQUIRE(summary.troubles.size() == 1);
  CHECK(summary.troubles[0].reports == 2);
}

TEST_CASE("a summary tells what came, lasted, and was mended") {
  const Folder folder;
  Store store(folder.file(), Store::Use::kWrite);
  store.add(report("web1", "old", model::Verdict::kWarning), 100, {});
  store.add(report("web1", "old", model::Verdict::kWarning), 200, {});
  store.add(report("web1", "", model::Verdict::kOk), 300, {});
  store.add(report("web1", "passing", model::Verdict::kWarning), 400, {});
  store.add(report("web1", "lasting", model::Verdict::kCritical), 500, {});
  store.add(report("web1", "lasting", model::Verdict::kCritical), 600, {});
  const auto summary = store.summary("", 150, 600);
  CHECK(summary.host == "web1");
  CHECK(summary.reports == 5);
  CHECK(summary.by_verdict[static_cast<size_t>(model::Verdict::kCritical)] == 2);
  REQUIRE(summary.spans.size() == 4);
  CHECK(summary.spans[3].verdict == model::Verdict::kCritical);
  CHECK(summary.spans[3].from == 500);
  CHECK(summary.spans[3].until == 600);
  CHECK(summary.spans[3].reports == 2);
  REQUIRE(summary.troubles.size() == 3);
  CHECK(summary.troubles[0].id == "lasting");
  CHECK(summary.troubles[0].lasts);
  CHECK_FALSE(summary.troubles[0].was_before);
  CHECK(summary.troubles[0].first == 500);
  CHECK(summary.troubles[0].last == 600);
  CHECK(summary.troubles[0].reports == 2);
  CHECK(summary.troubles[1].id == "old");
  CHECK(summary.troubles[1].was_before);
  CHECK_FALSE(summary.troubles[1].lasts);
  CHECK(summary.troubles[2].id == "passing");
  CHECK(store.summary("elsewhere", 0, 1000).reports == 0);
}

TEST_CASE("a summary of several hosts wants a name") {
  const Folder folder;
  Store store(folder.file(), Store::Use::kWrite);
  store.add(report("web1", "a"), 1, {});
  store.add(report("web2", "a"), 2, {});
  CHECK_THROWS_AS(store.summary("", 0, 10), base::UserError);
  CHECK(store.summary("web2", 0, 10).reports == 1);
}

TEST_CASE("what is no history of ours is refused and left as it is") {
  const Folder folder;
  const auto refuse = [&](const std::string& content, const std::string& why) {
    std::ofstream(folder.file(), std::ios::binary) << content;
    CHECK_MESSAGE(base::contains(refusal(folder.file()), why), refusal(folder.file()));
    CHECK(bytes_of(folder.file()) == content);
  };
  refuse("this is no database, it is a long letter to somebody " + std::string(4096, 'x'),
         "not a database");
  { Store(folder.path / "good", Store::Use::kWrite).add(report("web1", "a"), 1, {}); }
  const std::string good = bytes_of(folder.path / "good");
  std::string other = good, later = good, cut = good, holed = good;
  other[68] = 'x';  // application_id, https://www.sqlite.org/fileformat.html, 1.3
  later[63] = 2;    // user_version
  refuse(other, "another program");
  refuse(later, "has the format 2");
  cut.resize(cut.size() / 2);
  refuse(cut, "malformed");
  for (size_t i = 4096; i < holed.size(); ++i) holed[i] = 'x';
  refuse(holed, "malformed");
}

TEST_CASE("a history that is only read is not made") {
  const Folder folder;
  CHECK(base::contains(refusal(folder.file(), Store::Use::kRead), "cannot open"));
  CHECK_FALSE(fs::exists(folder.file()));
  CHECK(base::contains(refusal((folder.path / "no/such/folder/h").string()), "cannot write"));
}

TEST_CASE("several at once: each report is there, and each sees a whole one before it") {
  const Folder folder;
  constexpr int kWriters = 4, kEach = 10;
  int seen = 0, whole = 0;
  std::mutex mutex;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer)
    writers.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        Store store(folder.file(), Store::Use::kWrite);
        const auto before = store.add(report("web1", "a"), i, {});
        const std::lock_guard lock(mutex);
        seen += before.has_value();
        whole += before && before->troubles.size() == 1 && before->measures.size() == 1;
      }
    });
  for (std::thread& writer : writers) writer.join();
  CHECK(Store(folder.file(), Store::Use::kRead).size() == kWriters * kEach);
  CHECK(seen == kWriters * kEach - 1);
  CHECK(whole == seen);
}
