#include "libdiag/parse/ps.h"

#include <algorithm>
#include <array>

#include "libdiag/base/text.h"
#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

enum class Column {
  kUser,
  kPid,
  kPpid,
  kState,
  kRss,
  kWchan,
  kCpuTime,
  kElapsed,
  kStart,
  kLongStart,
  kName,
  kArgs,
  kOther
};

Column column_of(std::string_view header) {
  struct Name {
    std::string_view text;
    Column column;
  };
  static constexpr std::array<Name, 24> kNames{{
      {"USER", Column::kUser},         {"UID", Column::kUser},        {"EUSER", Column::kUser},
      {"RUSER", Column::kUser},        {"PID", Column::kPid},         {"PPID", Column::kPpid},
      {"S", Column::kState},           {"STAT", Column::kState},      {"STATE", Column::kState},
      {"RSS", Column::kRss},           {"RSZ", Column::kRss},         {"RES", Column::kRss},
      {"WCHAN", Column::kWchan},       {"TIME", Column::kCpuTime},    {"TIME+", Column::kCpuTime},
      {"CPUTIME", Column::kCpuTime},   {"ELAPSED", Column::kElapsed}, {"ETIME", Column::kElapsed},
      {"STARTED", Column::kLongStart}, {"START", Column::kStart},     {"STIME", Column::kStart},
      {"COMMAND", Column::kArgs},      {"CMD", Column::kArgs},        {"ARGS", Column::kArgs},
  }};
  for (const Name& name : kNames)
    if (name.text == header) return name.column;
  return header == "COMM" ? Column::kName : Column::kOther;
}

// The columns of a header line; empty when it is none.
std::vector<Column> parse_header(std::string_view line) {
  std::vector<Column> columns;
  bool pid = false;
  size_t commands = 0;
  for (const std::string_view word : base::words(line)) {
    columns.push_back(column_of(word));
    pid |= columns.back() == Column::kPid;
    commands += columns.back() == Column::kArgs || columns.back() == Column::kName;
  }
  if (!pid || commands == 0) return {};
  // `comm` and `args` are both headed COMMAND: only the last one runs to the end of the row.
  for (auto it = columns.rbegin(); it != columns.rend(); ++it) {
    if (*it == Column::kName) *it = Column::kArgs;
    if (*it != Column::kArgs) continue;
    for (++it; it != columns.rend(); ++it)
      if (*it == Column::kArgs) *it = Column::kName;
    break;
  }
  return columns;
}

// "0:07", "00:03:13", "1-02:03:04", "123:45" (minutes may exceed 59), "0:05.12".
std::optional<int64_t> parse_cpu_time(std::string_view text) {
  int64_t days = 0, total = 0;
  std::string_view rest = text;
  if (const size_t dash = text.find('-'); dash != std::string_view::npos) {
    if (!eat_number(rest, days) || days > 1000000 || !eat(rest, "-")) return std::nullopt;
  }
  int parts = 0;
  do {
    int64_t part = 0;
    if (!eat_number(rest, part) || part > 100000000 || ++parts > 3) return std::nullopt;
    total = total * 60 + part;
  } while (eat(rest, ":"));
  if (parts < 2 || (!rest.empty() && rest[0] != '.')) return std::nullopt;
  return days * 86400 + total;
}

// KiB, or top's "12.3m".
std::optional<int64_t> parse_rss(std::string_view text) {
  int64_t whole = 0, tenths = 0;
  if (!eat_number(text, whole) || whole > (int64_t{1} << 40)) return std::nullopt;
  if (eat(text, ".")) {
    if (text.empty() || !is_digit(text[0])) return std::nullopt;
    tenths = text[0] - '0';
    while (!text.empty() && is_digit(text[0])) text.remove_prefix(1);
  }
  int shift = 10;
  if (text == "m" || text == "M")
    shift = 20;
  else if (text == "g" || text == "G")
    shift = 30;
  else if (!text.empty())
    return std::nullopt;
  return (whole << shift) + ((tenths << shift) / 10);
}

constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";

int month_number(std::string_view text) {
  if (text.size() < 3) return 0;
  const size_t at = kMonths.find(text.substr(0, 3));
  return at == std::string_view::npos || at % 3 ? 0 : static_cast<int>(at / 3) + 1;
}

// START and STIME as ps shortens them: "10:11" or "10:11:12" (within a day), "Apr20", "20Apr26",
// "2025".
std::optional<base::CivilTime> parse_short_start(std::string_view text, base::CivilTime now) {
  const std::string today = base::format_civil(now);
  std::string_view date(today);
  std::string_view rest = text;
  int64_t year = 0, month = 0, day = 0, first = 0;
  eat_number(date, year);
  eat(date, "-");
  eat_number(date, month);
  eat(date, "-");
  eat_number(date, day);
  if (eat_number(rest, first)) {
    int64_t minute = 0, second = 0;
    if (eat(rest, ":")) {
      if (!eat_number(rest, minute) || (eat(rest, ":") && !eat_number(rest, second)))
        return std::nullopt;
      if (!rest.empty() || first > 23 || minute > 59 || second > 60) return std::nullopt;
      auto time =
          base::civil(static_cast<int>(year), static_cast<int>(month), static_cast<int>(day),
                      static_cast<int>(first), static_cast<int>(minute), static_cast<int>(second));
      if (time && *time > now) *time -= 86400;
      return time;
    }
    if (rest.empty())
      return first > 1970 && first < 3000 ? base::civil(static_cast<int>(first), 1, 1)
                                          : std::nullopt;
    const int named = month_number(rest);
    int64_t short_year = 0;
    rest.remove_prefix(std::min<size_t>(3, rest.size()));
    if (!named || !eat_number(rest, short_year) || short_year > 99) return std::nullopt;
    return base::civil(2000 + static_cast<int>(short_year), named, static_cast<int>(first));
  }
  const int named = month_number(rest);
  if (!named) return std::nullopt;
  rest.remove_prefix(3);
  skip_blanks(rest);
  if (!eat_number(rest, first) || first > 31 || !rest.empty()) return std::nullopt;
  auto time = base::civil(static_cast<int>(year), named, static_cast<int>(first));
  if (time && *time > now)
    time = base::civil(static_cast<int>(year) - 1, named, static_cast<int>(first));
  return time;
}

// lstart: "Tue Apr 21 23:18:20 2026". A weekday or month of another language leaves the time
// unknown.
std::optional<base::CivilTime> parse_long_start(const std::array<std::string_view, 5>& part) {
  const int month = month_number(part[1]);
  int64_t day = 0, hour = 0, minute = 0, second = 0, year = 0;
  std::string_view d = part[2], t = part[3], y = part[4];
  if (!month || !eat_number(d, day) || !eat_number(t, hour) || !eat(t, ":") ||
      !eat_number(t, minute) || !eat(t, ":") || !eat_number(t, second) || !eat_number(y, year) ||
      year > 9999)
    return std::nullopt;
  if (day > 31 || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return base::civil(static_cast<int>(year), month, static_cast<int>(day), static_cast<int>(hour),
                     static_cast<int>(minute), static_cast<int>(second));
}

// Takes what a STARTED column holds: lstart has five words, `start` one or two ("Apr 20").
bool take_start(std::string_view& rest, base::CivilTime now,
                std::optional<base::CivilTime>& started) {
  std::string_view look = rest;
  std::array<std::string_view, 5> part;
  for (std::string_view& word : part) word = take_word(look);
  if (part[4].size() == 4 && is_digit(part[4][0]) && part[3].find(':') != std::string_view::npos) {
    started = parse_long_start(part);
    rest = look;
    return true;
  }
  const std::string_view word = take_word(rest);
  if (month_number(word) && word.size() == 3) {
    const std::string_view day = take_word(rest);
    started = parse_short_start(std::string(word) + std::string(day), now);
    return !day.empty();
  }
  started = parse_short_start(word, now);
  return !word.empty();
}

bool assign(PsRow& row, Column column, std::string_view word, base::CivilTime now) {
  std::string_view rest = word;
  switch (column) {
    case Column::kUser: row.user = word; return !word.empty();
    case Column::kPid: return eat_number(rest, row.pid) && rest.empty();
    case Column::kPpid: return eat_number(rest, row.ppid) && rest.empty();
    case Column::kState: row.state = word; return !word.empty() && is_alpha(word[0]);
    case Column::kRss: return (row.rss_bytes = parse_rss(word)).has_value();
    case Column::kWchan: row.wchan = word == "-" ? std::string_view() : word; return !word.empty();
    case Column::kCpuTime: return (row.cpu_seconds = parse_cpu_time(word)).has_value();
    case Column::kElapsed: {
      row.age_seconds = base::parse_etime(word);
      int64_t seconds = 0;
      if (!row.age_seconds && eat_number(rest, seconds) && rest.empty()) row.age_seconds = seconds;
      return row.age_seconds.has_value();
    }
    case Column::kStart: row.started = parse_short_start(word, now); return !word.empty();
    default: return !word.empty();
  }
}

std::string_view take_last_word(std::string_view& rest) {
  while (!rest.empty() && is_blank(rest.back())) rest.remove_suffix(1);
  const size_t space = rest.find_last_of(" \t");
  const size_t start = space == std::string_view::npos ? 0 : space + 1;
  const std::string_view word = rest.substr(start);
  rest = rest.substr(0, start);
  while (!rest.empty() && is_blank(rest.back())) rest.remove_suffix(1);
  return word;
}

// "\_ nginx: …", " |   \_ nginx: …" of `ps f`.
void skip_forest(std::string_view& args) {
  std::string_view rest = args;
  while (!rest.empty() && (is_blank(rest[0]) || rest[0] == '|')) rest.remove_prefix(1);
  if (eat(rest, "\\_ ")) args = rest;
}

std::optional<PsRow> parse_columns(std::string_view line, const std::vector<Column>& columns,
                                   base::CivilTime now) {
  PsRow row;
  std::string_view rest = line;
  skip_blanks(rest);
  const auto args_at = std::find(columns.begin(), columns.end(), Column::kArgs);
  for (auto it = columns.begin(); it != args_at; ++it) {
    if (*it == Column::kLongStart) {
      if (!take_start(rest, now, row.started)) return std::nullopt;
      continue;
    }
    if (!assign(row, *it, take_word(rest), now)) return std::nullopt;
    if (*it == Column::kName && rest.starts_with("<defunct>")) {
      row.defunct = true;
      take_word(rest);
    }
  }
  for (auto it = columns.end() - 1; args_at != columns.end() && it > args_at; --it)
    if (!assign(row, *it, take_last_word(rest), now)) return std::nullopt;
  skip_forest(rest);
  row.args = base::trim(rest);
  if (row.pid <= 0) return std::nullopt;
  return row;
}

const std::vector<Column>& aux_columns() {
  static const std::vector<Column> kColumns{Column::kUser,    Column::kPid,   Column::kOther,
                                            Column::kOther,   Column::kOther, Column::kRss,
                                            Column::kOther,   Column::kState, Column::kStart,
                                            Column::kCpuTime, Column::kArgs};
  return kColumns;
}

const std::vector<Column>& full_columns() {
  static const std::vector<Column> kColumns{Column::kUser,    Column::kPid,   Column::kPpid,
                                            Column::kOther,   Column::kStart, Column::kOther,
                                            Column::kCpuTime, Column::kArgs};
  return kColumns;
}

// Trees of `systemctl status`: "├─1013 nginx: worker process", "`-1013 …".
void skip_tree(std::string_view& line) {
  for (;;) {
    skip_blanks(line);
    if (!eat(line, "\xe2\x94\x9c") && !eat(line, "\xe2\x94\x94") && !eat(line, "\xe2\x94\x82") &&
        !eat(line, "\xe2\x94\x80") && !eat(line, "|-") && !eat(line, "`-") && !eat(line, "| "))
      return;
  }
}

bool is_float(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.,") == std::string_view::npos &&
         text.find_first_of(".,") != std::string_view::npos;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "812 nginx: master process …" of pgrep -a and unit trees, "812 1 nginx: …" of ps -eo
// pid,ppid,args.
std::optional<PsRow> parse_pid_first(std::string_view line) {
  PsRow row;
  skip_tree(line);
  if (!eat_number(line, row.pid) || row.pid == 0) return std::nullopt;
  if (line.empty() || !is_blank(line[0])) return std::nullopt;
  skip_blanks(line);
  std::string_view rest = line;
  if (eat_number(rest, row.ppid) && !rest.empty() && is_blank(rest[0])) {
    skip_blanks(rest);
    line = rest;
  } else {
    row.ppid = 0;
  }
  skip_forest(line);
  line = base::trim(line);
  if (line.size() > 1 && line.front() == '"' && line.back() == '"')
    line = line.substr(1, line.size() - 2);
  if (line.empty() || is_digit(line[0])) return std::nullopt;
  row.args = line;
  return row;
}

bool is_nginx_args(std::string_view args) {
  if (args.starts_with('[')) args.remove_prefix(1);  // "[nginx] <defunct>"
  const size_t end = args.find_first_of(" :]");
  std::string_view name = args.substr(0, end);
  if (const size_t slash = name.rfind('/'); slash != std::string_view::npos)
    name.remove_prefix(slash + 1);
  for (const std::string_view known : {"nginx", "nginx-debug", "openresty", "tengine", "angie",
                                       "angie-debug", "freenginx", "nginx.exe"})
    if (name == known) return true;
  return false;
}

// Any other choice of columns, without a header: what stands before the title tells by its look.
// "root 507 1 nginx: master process nginx" (user, pid, ppid), "14 root 0:00 nginx: …" (busybox),
// "741377 ? Ss 0:01 nginx: …" (ps ax).
std::optional<PsRow> parse_before_title(std::string_view line) {
  size_t at = std::string_view::npos;
  for (const std::string_view title : {" nginx: ", " angie: "}) at = std::min(at, line.find(title));
  if (at == std::string_view::npos) return std::nullopt;
  const auto words = base::words(line.substr(0, at));
  if (words.empty() || words.size() > 8) return std::nullopt;
  PsRow row;
  size_t i = 0;
  if (!is_number(words[0])) row.user = words[i++];
  std::string_view pid = i < words.size() ? words[i] : std::string_view();
  if (!is_number(pid) || !eat_number(pid, row.pid) || row.pid <= 0) return std::nullopt;
  ++i;
  if (std::string_view ppid = i < words.size() ? words[i] : std::string_view(); is_number(ppid)) {
    eat_number(ppid, row.ppid);
    ++i;
  }
  for (; i < words.size(); ++i) {
    if (words[i].find(':') != std::string_view::npos) row.cpu_seconds = parse_cpu_time(words[i]);
    constexpr std::string_view kStates = "RSDTtXZIUW";
    if (row.state.empty() && words[i].size() <= 4 && base::contains(kStates, words[i].substr(0, 1)))
      row.state = words[i];
  }
  row.args = base::trim(line.substr(at));
  return row;
}

std::optional<PsRow> parse_headless(std::string_view line, base::CivilTime now) {
  std::string_view rest = line;
  skip_blanks(rest);
  std::array<std::string_view, 7> word;
  for (std::string_view& w : word) w = take_word(rest);
  std::optional<PsRow> row;
  if (is_number(word[1]) && is_float(word[2]) && is_float(word[3]))
    row = parse_columns(line, aux_columns(), now);
  else if (is_number(word[1]) && is_number(word[2]) && is_number(word[3]) &&
           word[6].find(':') != std::string_view::npos)
    row = parse_columns(line, full_columns(), now);
  else
    row = parse_pid_first(line);
  if (!row || !is_nginx_args(row->args))
    if (std::optional<PsRow> other = parse_before_title(line)) row = std::move(other);
  return row;
}

bool is_grep(std::string_view args) {
  const std::string_view name = args.substr(0, args.find(' '));
  return name == "grep" || name.ends_with("/grep") || name == "egrep" || name == "pgrep" ||
         name == "rg";
}

}  // namespace

std::vector<PsRow> parse_ps(std::string_view text, base::CivilTime now, bool all) {
  std::vector<PsRow> rows;
  std::vector<Column> columns;
  int64_t number = 0;
  while (!text.empty()) {
    const std::string_view line = base::take_line(text);
    ++number;
    if (auto header = parse_header(line); !header.empty()) {
      columns = std::move(header);
      continue;
    }
    auto row = columns.empty() ? std::nullopt : parse_columns(line, columns, now);
    if (!row) row = parse_headless(line, now);
    if (!row || is_grep(row->args)) continue;
    if (!all && !is_nginx_args(row->args)) continue;
    row->line = number;
    row->defunct |= row->state.starts_with('Z') || row->args.find("<defunct>") != std::string::npos;
    rows.push_back(std::move(*row));
  }
  return rows;
}

std::optional<CountedProcesses> parse_process_count(std::string_view text) {
  std::optional<CountedProcesses> found;
  bool asked = false;
  int64_t number = 0;
  while (!text.empty()) {
    std::string_view line = base::trim(base::take_line(text));
    ++number;
    const bool lists = base::contains(line, "pgrep ") || base::contains(line, "ps ") ||
                       base::contains(line, "pidof ");
    const size_t counts = line.rfind("wc -l");
    if (lists && base::contains(line, "nginx") &&
        (counts != std::string_view::npos || base::contains(line, "pgrep -c"))) {
      // The answer may stand behind the question: "pgrep nginx | wc -l  => 1034".
      asked = true;
      if (counts == std::string_view::npos) continue;
      line.remove_prefix(counts + 5);
      while (!line.empty() && base::contains(" :=>-#\t", line.substr(0, 1))) line.remove_prefix(1);
      if (line.empty()) continue;
    }
    if (!asked || line.empty()) continue;
    asked = false;
    int64_t count = 0;
    if (eat_number(line, count) && line.empty()) found = CountedProcesses{count, number};
  }
  return found;
}

}  // namespace ngxdiag::parse
