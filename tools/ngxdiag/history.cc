#include "tools/ngxdiag/history.h"

#include <sqlite3.h>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"

namespace ngxdiag::tools {
namespace {

// "ngxd": tells our file from another program's.
constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS report (
  id INTEGER PRIMARY KEY, host TEXT NOT NULL, generated TEXT NOT NULL, time INTEGER NOT NULL,
  verdict TEXT NOT NULL, summary TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS report_host ON report (host, id);
CREATE TABLE IF NOT EXISTS trouble (
  report INTEGER NOT NULL REFERENCES report (id) ON DELETE CASCADE,
  id TEXT NOT NULL, instance TEXT NOT NULL, title TEXT NOT NULL, severity TEXT NOT NULL,
  confidence REAL NOT NULL);
CREATE INDEX IF NOT EXISTS trouble_report ON trouble (report);
PRAGMA application_id = 0x6e677864;
PRAGMA user_version = 1;
)sql";
constexpr int64_t kApplication = 0x6e677864, kVersion = 1;
constexpr int kPatienceMs = 10000;
constexpr int64_t kDay = 86400;

// A prepared statement that ends with its scope.
class Statement {
 public:
  Statement(sqlite3* database, const char* sql) {
    sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  bool ready() const { return statement_ != nullptr; }
  void bind(int at, const std::string& text) {
    sqlite3_bind_text(statement_, at, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  }
  void bind(int at, int64_t number) { sqlite3_bind_int64(statement_, at, number); }
  void bind(int at, double number) { sqlite3_bind_double(statement_, at, number); }
  // SQLITE_ROW, SQLITE_DONE or an error.
  int step() { return sqlite3_step(statement_); }
  void again() { sqlite3_reset(statement_); }
  std::string text(int at) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, at));
    return bytes ? std::string(bytes, static_cast<size_t>(sqlite3_column_bytes(statement_, at))) : "";
  }
  int64_t number(int at) const { return sqlite3_column_int64(statement_, at); }
  double real(int at) const { return sqlite3_column_double(statement_, at); }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace

History::History(const std::string& file) : file_(file) {
  const int opened = sqlite3_open_v2(file.c_str(), &database_,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  try {
    if (opened != SQLITE_OK) fail("cannot open");
    sqlite3_busy_timeout(database_, kPatienceMs);
    run("PRAGMA foreign_keys = ON");
    run("BEGIN IMMEDIATE");
    const auto pragma = [&](const char* sql) {
      Statement statement(database_, sql);
      if (!statement.ready() || statement.step() != SQLITE_ROW) fail("cannot read");
      return statement.number(0);
    };
    const int64_t version = pragma("PRAGMA user_version");
    const int64_t tables = pragma("SELECT count(*) FROM sqlite_master");
    if (tables > 0 && (pragma("PRAGMA application_id") != kApplication || version != kVersion))
      throw base::UserError("not a history of this program: " + base::printable(file_), "ngxdiag",
                            {}, {}, "name another folder with --dir, or move the file away");
    if (tables == 0) run(kSchema);
    run("COMMIT");
  } catch (...) {
    sqlite3_close(database_);
    throw;
  }
}

History::~History() { sqlite3_close(database_); }

void History::fail(const std::string& what) {
  throw base::UserError(what + " the history " + base::printable(file_), "ngxdiag report", {},
                        base::printable(sqlite3_errmsg(database_)),
                        "the report itself is written; move a damaged history away");
}

void History::run(const char* sql) {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail("cannot use");
}

std::optional<PastReport> History::last(const std::string& host) {
  Statement report(database_,
                   "SELECT id, generated, verdict FROM report WHERE host = ? ORDER BY id DESC LIMIT 1");
  if (!report.ready()) fail("cannot read");
  report.bind(1, host);
  const int got = report.step();
  if (got == SQLITE_DONE) return std::nullopt;
  if (got != SQLITE_ROW) fail("cannot read");
  PastReport out{report.text(1), report.text(2), {}};
  Statement rows(database_,
                 "SELECT id, instance, title, severity, confidence FROM trouble WHERE report = ? "
                 "ORDER BY rowid");
  if (!rows.ready()) fail("cannot read");
  rows.bind(1, report.number(0));
  int state = rows.step();
  for (; state == SQLITE_ROW; state = rows.step())
    out.troubles.push_back(
        {rows.text(0), rows.text(1), rows.text(2),
         model::severity_by_name(rows.text(3)).value_or(model::Severity::kInfo), rows.real(4)});
  if (state != SQLITE_DONE) fail("cannot read");
  return out;
}

void History::insert(const model::Report& report, base::CivilTime now) {
  Statement row(database_,
                "INSERT INTO report (host, generated, time, verdict, summary) VALUES (?, ?, ?, ?, ?)");
  if (!row.ready()) fail("cannot write");
  row.bind(1, report.host);
  row.bind(2, report.generated);
  row.bind(3, now);
  row.bind(4, std::string(model::verdict_name(report.verdict)));
  row.bind(5, report.summary);
  if (row.step() != SQLITE_DONE) fail("cannot write");
  const int64_t id = sqlite3_last_insert_rowid(database_);
  Statement trouble(database_, "INSERT INTO trouble VALUES (?, ?, ?, ?, ?, ?)");
  if (!trouble.ready()) fail("cannot write");
  for (const Trouble& one : troubles(report)) {
    trouble.again();
    trouble.bind(1, id);
    trouble.bind(2, one.id);
    trouble.bind(3, one.instance);
    trouble.bind(4, one.title);
    trouble.bind(5, std::string(model::severity_name(one.severity)));
    trouble.bind(6, one.confidence);
    if (trouble.step() != SQLITE_DONE) fail("cannot write");
  }
}

std::optional<PastReport> History::add(const model::Report& report, base::CivilTime now,
                                       int64_t keep_days) {
  run("BEGIN IMMEDIATE");
  std::optional<PastReport> before = last(report.host);
  insert(report, now);
  if (keep_days > 0) {
    Statement old(database_, "DELETE FROM report WHERE time < ?");
    if (!old.ready()) fail("cannot write");
    old.bind(1, now - keep_days * kDay);
    if (old.step() != SQLITE_DONE) fail("cannot write");
  }
  run("COMMIT");
  return before;
}

int64_t History::size() {
  Statement count(database_, "SELECT count(*) FROM report");
  if (!count.ready() || count.step() != SQLITE_ROW) fail("cannot read");
  return count.number(0);
}

}  // namespace ngxdiag::tools
