// The history of scheduled reports: a small SQLite database, one row a report and one for each of
// its findings and symptoms. The one place for SQLite.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libdiag/base/time.h"
#include "tools/ngxdiag/changes.h"

struct sqlite3;

namespace ngxdiag::tools {

struct PastReport {
  std::string generated, verdict;
  std::vector<Trouble> troubles;
};

class History {
 public:
  // Opens or creates the file. Throws base::UserError when it cannot, or when the file is no history
  // of this program.
  explicit History(const std::string& file);
  ~History();
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  // The last report of this host, adds this one and drops those older than `keep_days` (0: keep
  // all), in one transaction: two reports at once see each other whole or not at all.
  std::optional<PastReport> add(const model::Report& report, base::CivilTime now,
                                int64_t keep_days);
  // Reports kept, of all hosts.
  int64_t size();

 private:
  void run(const char* sql);
  [[noreturn]] void fail(const std::string& what);
  std::optional<PastReport> last(const std::string& host);
  void insert(const model::Report& report, base::CivilTime now);

  std::string file_;
  sqlite3* database_ = nullptr;
};

}  // namespace ngxdiag::tools
