#include "libdiag/parse/message_catalogue.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>
#include <random>
#include <set>
#include <string>

#include "libdiag/base/builtin_data.h"
#include "libdiag/base/text.h"

using namespace ngxdiag;
using namespace ngxdiag::parse;

namespace {

std::vector<std::string> ids(Level level, std::string_view message, bool loosely = false) {
  std::vector<uint32_t> found;
  const MessageCatalogue& all = MessageCatalogue::builtin();
  loosely ? all.identify_loosely(level, message, found) : all.identify(level, message, found);
  std::vector<std::string> out;
  for (const uint32_t index : found) out.emplace_back(all.entries()[index].id);
  return out;
}
using Ids = std::vector<std::string>;

// Prints formats as nginx would, with values that turn up in real logs and some that are meant to
// mislead.
class Printer {
 public:
  explicit Printer(unsigned seed) : dice_(seed) {}

  size_t below(size_t count) { return dice_() % count; }

  std::string text() {
    static const std::vector<std::string> kTexts{"/usr/share/nginx/html/favicon.ico",
                                                 "10.0.0.5:8080",
                                                 "worker process",
                                                 "example.org",
                                                 "_",
                                                 "/etc/letsencrypt/live/a.example/fullchain.pem",
                                                 "unix:/run/php/php8.2-fpm.sock",
                                                 "memstore",
                                                 "GET /index.php?id=7&x=y HTTP/1.1",
                                                 "proxy_pass",
                                                 "backend",
                                                 "0.0.0.0:443",
                                                 "a \"quoted\" b",
                                                 "one, two: three (4)",
                                                 "über",
                                                 "",
                                                 "failed",
                                                 "/x) failed (2: No such file or directory)",
                                                 "192.0.2.7",
                                                 "[2001:db8::1]:80",
                                                 "off",
                                                 "is duplicate",
                                                 "SELECT 1 while waiting"};
    return kTexts[below(kTexts.size())];
  }

  std::string print(std::string_view format, size_t argument,
                    const std::vector<std::string_view>& alternatives) {
    std::string out;
    size_t number = 0;
    for (size_t i = 0; i < format.size(); ++i) {
      if (format[i] != '%') {
        out += format[i];
        continue;
      }
      bool hex = false, is_unsigned = false;
      for (++i; i < format.size(); ++i) {
        if (format[i] == 'x' || format[i] == 'X')
          hex = true;
        else if (format[i] == 'u')
          is_unsigned = true;
        else if (!std::strchr("0123456789.*-", format[i]))
          break;
      }
      if (i == format.size() || format[i] == '%') {
        out += '%';
        continue;
      }
      ++number;
      const auto value = static_cast<unsigned>(dice_());
      char buffer[40];
      switch (format[i]) {
        case 'V':
        case 'v':
        case 's':
          if (number == argument)
            out += alternatives[below(alternatives.size())];
          else if (hex)
            out += "0af37b";
          else
            out += text();
          continue;
        case 'c': out += static_cast<char>('a' + value % 26); continue;
        case 'p': std::snprintf(buffer, sizeof buffer, "%016X", value); break;
        case 'f': std::snprintf(buffer, sizeof buffer, "%u.%03u", value % 100, value % 1000); break;
        default:
          std::snprintf(buffer, sizeof buffer,
                        hex                        ? "%x"
                        : is_unsigned || value % 5 ? "%u"
                                                   : "-%u",
                        value % (value % 2 ? 50 : 100000));
      }
      out += buffer;
    }
    return out;
  }

  // What follows the format's print in a line.
  std::string tail(std::string_view kind, std::string_view use) {
    std::string out;
    const bool error = use == "1" || (use == "?" && below(2));
    if (kind == "ssl" && below(2)) out += " (SSL: error:0A00006C:SSL routines::bad key share)";
    if (error) out += below(2) ? " (2: No such file or directory)" : " (111: Connection refused)";
    if (kind == "conf")
      return out + (below(9) ? " in /etc/nginx/nginx.conf:13" : " in command line");
    if (kind == "stderr" || below(2)) return out;
    if (below(2)) out += " while reading response header from upstream";
    return out +
           ", client: 192.0.2.1, server: example.org, request: \"GET /a%20b HTTP/1.1\", upstream: "
           "\"http://10.0.0.5:8080/a\", host: \"example.org\"";
  }

 private:
  std::mt19937 dice_;
};

}  // namespace

TEST_CASE("real lines get the id of their format") {
  CHECK(ids(Level::kAlert, "worker process 9 exited on signal 6 (core dumped)") ==
        Ids{"process.exited-on-signal"});
  CHECK(ids(Level::kAlert, "shared memory zone \"memstore\" was locked by 812") ==
        Ids{"process.shared-memory-zone-was-locked-by"});
  CHECK(ids(Level::kError,
            "upstream timed out (110: Connection timed out) while reading response header from "
            "upstream, client: 192.0.2.1, server: a, request: \"GET / HTTP/1.1\", upstream: "
            "\"http://10.0.0.5:80/\", host: \"a\"")
            .size() == 1);
  CHECK(ids(Level::kEmerg, "unknown directive \"foo\" in /etc/nginx/nginx.conf:3") ==
        Ids{"conf.unknown-directive"});
  CHECK(ids(Level::kAlert, "open socket #12 left in connection 5").size() == 1);
}

TEST_CASE("a line that only looks alike gets no id") {
  CHECK(ids(Level::kAlert, "worker process 9 exited on signal six").empty());
  CHECK(ids(Level::kInfo, "worker process 9 exited on signal 6").empty());
  CHECK(ids(Level::kAlert, "worker process 9 exited on signal 6 (2: No such file or directory)",
            false)
            .size() <= 1);
  CHECK(ids(Level::kEmerg, "unknown directive \"foo\"").empty());
  CHECK(ids(Level::kEmerg, "unknown directive \"foo\"", true) == Ids{"conf.unknown-directive"});
  CHECK(ids(Level::kError, "").empty());
  CHECK(ids(Level::kError, "something that nobody prints").empty());
}

TEST_CASE("ids are unique, well formed, and each can be found") {
  std::set<std::string_view> seen;
  for (const MessageEntry& entry : MessageCatalogue::builtin().entries()) {
    CHECK(seen.insert(entry.id).second);
    CHECK(entry.id.find('.') != std::string_view::npos);
    CHECK(MessageCatalogue::builtin().find(entry.id) == &entry);
    CHECK_FALSE(entry.source.empty());
  }
  CHECK(seen.size() > 1500);
  CHECK(MessageCatalogue::builtin().find("no.such") == nullptr);
}

TEST_CASE("every format's print is identified, alone or among those the text cannot tell apart") {
  Printer printer(20260421);
  size_t lines = 0, ambiguous = 0;
  std::map<std::string, int> clashes;
  std::string_view table = base::builtin_data("messages.tsv");
  while (!table.empty()) {
    const std::string_view row = base::take_line(table);
    const auto cells = base::split(row, '\t');
    if (row[0] == '#') continue;
    REQUIRE(cells.size() == 7);
    size_t argument = 0;
    std::vector<std::string_view> alternatives;
    if (const size_t equals = cells[5].find('='); equals != std::string_view::npos) {
      argument = static_cast<size_t>(*base::parse_int(cells[5].substr(0, equals)));
      alternatives = base::split(cells[5].substr(equals + 1), '|');
    }
    for (int round = 0; round < 40; ++round) {
      const auto levels = base::split(cells[1], ',');
      Level level = Level::kNone;
      const std::string_view name = levels[printer.below(levels.size())];
      for (int i = 1; i <= static_cast<int>(Level::kDebug); ++i)
        if (level_name(static_cast<Level>(i)) == name) level = static_cast<Level>(i);
      const std::string message =
          printer.print(cells[6], argument, alternatives) + printer.tail(cells[2], cells[3]);
      const Ids found = ids(level, message);
      ++lines;
      ambiguous += found.size() > 1;
      if (found.size() > 1) ++clashes[base::join(found, " ")];
      const bool there = std::find(found.begin(), found.end(), cells[0]) != found.end();
      CHECK_MESSAGE(there,
                    cells[0] << " not found for: " << message << " got " << base::join(found, " "));
    }
  }
  MESSAGE("ambiguous: " << ambiguous << " of " << lines);
  for (const auto& [clash, count] : clashes)
    if (count > 14) MESSAGE(count << " " << clash);
  // The bar of two lines in a hundred.
  CHECK(ambiguous * 50 <= lines);
}
