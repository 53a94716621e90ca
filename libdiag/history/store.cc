#include "libdiag/history/store.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"

namespace ngxdiag::history {
namespace {

// Version 1. A severity is 0 info, 1 warning, 2 critical, so that the worst is the largest.
constexpr const char* kSchema = R"sql(
CREATE TABLE report (
  id INTEGER PRIMARY KEY, host TEXT NOT NULL, generated TEXT NOT NULL, time INTEGER NOT NULL,
  verdict TEXT NOT NULL, summary TEXT NOT NULL);
CREATE INDEX report_host ON report (host, time);
CREATE TABLE trouble (
  report INTEGER NOT NULL REFERENCES report (id) ON DELETE CASCADE,
  id TEXT NOT NULL, instance TEXT NOT NULL, title TEXT NOT NULL, severity INTEGER NOT NULL,
  confidence REAL NOT NULL);
CREATE INDEX trouble_report ON trouble (report);
CREATE TABLE measure (
  report INTEGER NOT NULL REFERENCES report (id) ON DELETE CASCADE,
  name TEXT NOT NULL, value REAL NOT NULL);
CREATE INDEX measure_report ON measure (report);
PRAGMA application_id = 0x6e677864;
PRAGMA user_version = 1;
)sql";
constexpr int64_t kApplication = 0x6e677864, kVersion = 1;
constexpr int64_t kDay = 86400;
constexpr mode_t kMode = 0640;
// More rows of one verdict after another than anybody reads.
constexpr size_t kMostSpans = 200;
// More troubles than a report has; bounds what a hostile file can make us hold.
constexpr const char* kTroubles =
    "SELECT id, instance, title, severity, confidence FROM trouble WHERE report = ? "
    "ORDER BY rowid LIMIT 10000";
constexpr const char* kMeasures =
    "SELECT name, value FROM measure WHERE report = ? ORDER BY rowid LIMIT 1000";

model::Severity severity(int64_t number) {
  return number >= 2   ? model::Severity::kCritical
         : number == 1 ? model::Severity::kWarning
                       : model::Severity::kInfo;
}

}  // namespace

// A prepared statement that ends with its scope. Its errors end in Store::fail().
class Store::Statement {
 public:
  Statement(Store& store, const char* sql) : store_(store) {
    if (sqlite3_prepare_v2(store.database_, sql, -1, &statement_, nullptr) != SQLITE_OK)
      store.fail("cannot use");
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  template <typename... Values>
  Statement& bind(const Values&... values) {
    sqlite3_reset(statement_);
    int at = 0;
    (put(++at, values), ...);
    return *this;
  }
  // True when there is a row.
  bool step() {
    const int state = sqlite3_step(statement_);
    if (state != SQLITE_ROW && state != SQLITE_DONE) store_.fail("cannot use");
    return state == SQLITE_ROW;
  }
  std::string text(int at) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, at));
    return bytes ? std::string(bytes, static_cast<size_t>(sqlite3_column_bytes(statement_, at)))
                 : "";
  }
  int64_t number(int at) const { return sqlite3_column_int64(statement_, at); }
  double real(int at) const { return sqlite3_column_double(statement_, at); }

 private:
  void put(int at, std::string_view text) {
    sqlite3_bind_text(statement_, at, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  }
  void put(int at, int64_t number) { sqlite3_bind_int64(statement_, at, number); }
  void put(int at, double number) { sqlite3_bind_double(statement_, at, number); }

  Store& store_;
  sqlite3_stmt* statement_ = nullptr;
};

template <typename Body>
void Store::transaction(const char* begin, Body body) {
  run(begin);
  try {
    body();
    run("COMMIT");
  } catch (...) {
    sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
}

Store::Store(const std::string& file, Use use, int patience_ms) : file_(file) {
  if (use == Use::kWrite) {
    // SQLite would make it with the mode that the umask leaves.
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, kMode);
    if (fd < 0)
      throw base::UserError("cannot write the history " + base::printable(file_), "ngxdiag report",
                            {}, std::strerror(errno),
                            "name another file with --history, or make its folder writable");
    ::close(fd);
  }
  const int flags = use == Use::kWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  const int opened = sqlite3_open_v2(file.c_str(), &database_, flags, nullptr);
  try {
    if (opened != SQLITE_OK) fail("cannot open");
    sqlite3_busy_timeout(database_, patience_ms);
    sqlite3_extended_result_codes(database_, 1);
    // The file may be anybody's: nothing in its schema runs.
    run("PRAGMA trusted_schema = OFF");
    run("PRAGMA foreign_keys = ON");
    transaction(use == Use::kWrite ? "BEGIN IMMEDIATE" : "BEGIN", [&] {
      check();
      if (use == Use::kWrite && number("SELECT count(*) FROM sqlite_master") == 0) run(kSchema);
    });
  } catch (...) {
    sqlite3_close(database_);
    throw;
  }
}

Store::~Store() { sqlite3_close(database_); }

// Throws when the file is not ours to use. An empty file is: SQLite makes one by opening it.
void Store::check() {
  const int64_t version = number("PRAGMA user_version");
  const int64_t application = number("PRAGMA application_id");
  const int64_t tables = number("SELECT count(*) FROM sqlite_master");
  if (tables == 0 && version == 0 && application == 0) return;
  if (application != kApplication)
    throw base::UserError(base::printable(file_) + " is the database of another program",
                          "ngxdiag report", {}, "nothing in it was changed",
                          "name another file with --history");
  if (version == kVersion) return;
  throw base::UserError(base::printable(file_) + " has the format " + std::to_string(version) +
                            " of the history, this ngxdiag knows " + std::to_string(kVersion),
                        "ngxdiag report", {}, "nothing in it was changed",
                        version > kVersion ? "use the later ngxdiag that wrote it, or name another "
                                             "file with --history"
                                           : "move it away, or name another file with --history");
}

void Store::fail(const std::string& what) {
  const int code = sqlite3_errcode(database_) & 0xff;
  std::string help = "make sure that the file and its folder can be written";
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
    help = "another program holds it: see fuser -v " + base::shell_quote(file_);
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
    help = "it is left as it is; save what can be saved with sqlite3 " + base::shell_quote(file_) +
           " .recover, and move it away";
  if (code == SQLITE_FULL) help = "make room on its disk";
  if (code == SQLITE_CANTOPEN) help = "name a file that exists, and that you may read";
  throw base::UserError(what + " the history " + base::printable(file_), "ngxdiag report", {},
                        base::printable(sqlite3_errmsg(database_)), help);
}

void Store::run(const char* sql) {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail("cannot use");
}

int64_t Store::number(const char* sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.number(0) : 0;
}

int64_t Store::size() { return number("SELECT count(*) FROM report"); }

std::optional<Past> Store::last(const std::string& host) {
  Statement report(*this,
                   "SELECT id, generated, verdict FROM report WHERE host = ? ORDER BY id DESC "
                   "LIMIT 1");
  if (!report.bind(host).step()) return std::nullopt;
  const int64_t id = report.number(0);
  Past out{report.text(1),
           model::verdict_by_name(report.text(2)).value_or(model::Verdict::kUnknown),
           {},
           {}};
  Statement trouble(*this, kTroubles);
  for (trouble.bind(id); trouble.step();)
    out.troubles.push_back({trouble.text(0), trouble.text(1), trouble.text(2),
                            severity(trouble.number(3)), trouble.real(4)});
  Statement measure(*this, kMeasures);
  for (measure.bind(id); measure.step();)
    out.measures.push_back({measure.text(0), measure.real(1)});
  return out;
}

void Store::insert(const model::Report& report, base::CivilTime now) {
  Statement row(*this,
                "INSERT INTO report (host, generated, time, verdict, summary) VALUES (?, ?, ?, ?, "
                "?)");
  row.bind(report.host, report.generated, now, model::verdict_name(report.verdict), report.summary)
      .step();
  const int64_t id = sqlite3_last_insert_rowid(database_);
  const Past kept = to_past(report);
  Statement trouble(*this, "INSERT INTO trouble VALUES (?, ?, ?, ?, ?, ?)");
  for (const Trouble& one : kept.troubles)
    trouble
        .bind(id, one.id, one.instance, one.title, static_cast<int64_t>(one.severity),
              one.confidence)
        .step();
  Statement measure(*this, "INSERT INTO measure VALUES (?, ?, ?)");
  for (const Measure& one : kept.measures) measure.bind(id, one.name, one.value).step();
}

void Store::drop(const std::string& host, base::CivilTime now, const Retention& retention) {
  if (retention.days > 0) {
    Statement old(*this, "DELETE FROM report WHERE host = ? AND time < ?");
    old.bind(host, now - retention.days * kDay).step();
  }
  if (retention.count > 0) {
    Statement many(*this,
                   "DELETE FROM report WHERE host = ?1 AND id NOT IN "
                   "(SELECT id FROM report WHERE host = ?1 ORDER BY id DESC LIMIT ?2)");
    many.bind(host, retention.count).step();
  }
}

std::optional<Past> Store::add(const model::Report& report, base::CivilTime now,
                               const Retention& retention) {
  std::optional<Past> before;
  transaction("BEGIN IMMEDIATE", [&] {
    before = last(report.host);
    insert(report, now);
    drop(report.host, now, retention);
  });
  return before;
}

std::string Store::only_host() {
  Statement hosts(*this, "SELECT DISTINCT host FROM report ORDER BY host LIMIT 2");
  if (!hosts.step()) return "";
  std::string first = hosts.text(0);
  if (hosts.step())
    throw base::UserError("the history holds reports of several hosts, among them " +
                              base::printable(first) + " and " + base::printable(hosts.text(0)),
                          "ngxdiag report", {}, {}, "say which with --host NAME");
  return first;
}

model::Summary Store::summary(const std::string& host, base::CivilTime from,
                              base::CivilTime until) {
  model::Summary out;
  out.from = from;
  out.until = until;
  // One transaction: a report that is added meanwhile is in all of it or in none.
  transaction("BEGIN", [&] {
    if (number("SELECT count(*) FROM sqlite_master") == 0) return;
    out.host = host.empty() ? only_host() : host;
    verdicts(out);
    troubles(out);
  });
  return out;
}

void Store::verdicts(model::Summary& summary) {
  Statement rows(*this,
                 "SELECT time, verdict FROM report WHERE host = ? AND time BETWEEN ? AND ? "
                 "ORDER BY time, id");
  for (rows.bind(summary.host, summary.from, summary.until); rows.step();) {
    const base::CivilTime time = rows.number(0);
    const model::Verdict verdict =
        model::verdict_by_name(rows.text(1)).value_or(model::Verdict::kUnknown);
    ++summary.reports;
    ++summary.by_verdict[static_cast<size_t>(verdict)];
    if (summary.spans.empty() || summary.spans.back().verdict != verdict)
      summary.spans.push_back({verdict, time, time, 0});
    summary.spans.back().until = time;
    ++summary.spans.back().reports;
    if (summary.spans.size() > kMostSpans) summary.spans.erase(summary.spans.begin());
  }
}

void Store::troubles(model::Summary& summary) {
  Statement rows(*this, R"sql(
WITH span AS (SELECT id, time FROM report WHERE host = ?1 AND time BETWEEN ?2 AND ?3),
  newest AS (SELECT id FROM span ORDER BY time DESC, id DESC LIMIT 1),
  earlier AS (SELECT id FROM report WHERE host = ?1 AND time < ?2 ORDER BY time DESC, id DESC LIMIT 1)
SELECT trouble.id, instance,
  (SELECT title FROM trouble AS same JOIN span ON span.id = same.report
    WHERE same.id = trouble.id AND same.instance = trouble.instance ORDER BY span.time DESC LIMIT 1),
  (SELECT max(severity) FROM trouble AS same JOIN span ON span.id = same.report
    WHERE same.id = trouble.id AND same.instance = trouble.instance) AS worst,
  min(span.time), max(span.time), count(DISTINCT span.id) AS times,
  EXISTS (SELECT 1 FROM trouble AS last JOIN newest ON newest.id = last.report
    WHERE last.id = trouble.id AND last.instance = trouble.instance),
  EXISTS (SELECT 1 FROM trouble AS first JOIN earlier ON earlier.id = first.report
    WHERE first.id = trouble.id AND first.instance = trouble.instance)
FROM trouble JOIN span ON span.id = trouble.report
GROUP BY trouble.id, instance ORDER BY worst DESC, times DESC, trouble.id, instance LIMIT 10000
)sql");
  for (rows.bind(summary.host, summary.from, summary.until); rows.step();)
    summary.troubles.push_back({rows.text(0), rows.text(1), rows.text(2), severity(rows.number(3)),
                                rows.number(4), rows.number(5), rows.number(6), rows.number(7) != 0,
                                rows.number(8) != 0});
}

}  // namespace ngxdiag::history
