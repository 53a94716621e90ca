// The history of scheduled reports: a small SQLite database, a row for each report, each of its
// findings and symptoms and each number worth comparing. The one place for SQLite.
//   history.sqlite, application_id "ngxd", user_version 1
// What is there already is never thrown away because it cannot be read: a file that is damaged, of
// another program or of a later version is an error (base::UserError), and stays as it is.
// Several programs may use one file at once: each change is one transaction, and who comes second
// waits for a while.
#pragma once

#include <optional>
#include <string>

#include "libdiag/base/time.h"
#include "libdiag/history/compare.h"
#include "libdiag/model/summary.h"

struct sqlite3;

namespace ngxdiag::history {

struct Retention {
  int64_t days = 90;  // 0: for ever
  int64_t count = 0;  // of one host's reports; 0: any number
};

class Store {
 public:
  enum class Use { kRead, kWrite };
  static constexpr int kPatienceMs = 10000;

  // Opens the file; with kWrite makes it, readable by owner and group, when it is not there.
  // Throws base::UserError.
  Store(const std::string& file, Use use, int patience_ms = kPatienceMs);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Adds the report and gives the one of the same host that was added before it, in one
  // transaction; then drops what is older or more than is to be kept. Throws base::UserError, and
  // then nothing has changed. REQUIRES: opened with kWrite.
  std::optional<Past> add(const model::Report& report, base::CivilTime now,
                          const Retention& retention);

  // The reports of `host` from `from` to `until`. With an empty `host` those of the one host there
  // is; throws base::UserError when there are several.
  model::Summary summary(const std::string& host, base::CivilTime from, base::CivilTime until);

  // Reports kept, of all hosts.
  int64_t size();

 private:
  class Statement;

  void check();
  void run(const char* sql);
  // Runs `body` between BEGIN and COMMIT; undoes it when it throws.
  template <typename Body>
  void transaction(const char* begin, Body body);
  int64_t number(const char* sql);
  [[noreturn]] void fail(const std::string& what);
  std::optional<Past> last(const std::string& host);
  void insert(const model::Report& report, base::CivilTime now);
  void drop(const std::string& host, base::CivilTime now, const Retention& retention);
  std::string only_host();
  void verdicts(model::Summary& summary);
  void troubles(model::Summary& summary);

  std::string file_;
  sqlite3* database_ = nullptr;
};

}  // namespace ngxdiag::history
