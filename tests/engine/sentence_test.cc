#include "libdiag/engine/sentence.h"

#include <doctest/doctest.h>

#include "libdiag/base/text.h"
#include "tests/engine/support.h"

using namespace ngxdiag::engine;
using namespace ngxdiag::engine::testing;

namespace {

std::string wrong(std::string_view text) {
  std::vector<Place> places;
  return check_sentence(text, places);
}

bool in_quotes(std::string_view text) {
  std::vector<Place> places;
  CHECK(check_sentence(text, places) == "");
  return places.at(0).in_quotes;
}

}  // namespace

TEST_CASE("places take facts, words for unknown ones, and this rule's lines") {
  const auto set = facts({{"deaths.total", number(147)},
                          {"line.r.hit", number(4)},
                          {"line.r.hit.1", text("memstore")},
                          {"zones.locked", list({"a", "b"})}});
  CHECK(fill("{deaths.total|some} died", "r", set, Quoting::kPlain) == "147 died");
  CHECK(fill("{reloads.total|some} reloads", "r", set, Quoting::kPlain) == "some reloads");
  CHECK(fill("{reloads.total|}reloads", "r", set, Quoting::kPlain) == "reloads");
  CHECK(fill("{reloads.total} reloads", "r", set, Quoting::kPlain) == "unknown reloads");
  CHECK(fill("{line.hit} hits, {line.hit.1}", "r", set, Quoting::kPlain) == "4 hits, memstore");
  CHECK(fill("{line.r.hit} hits", "r", set, Quoting::kPlain) == "4 hits");
  CHECK(fill("{line.hit|no} hits", "other", set, Quoting::kPlain) == "no hits");
  CHECK(fill("{{{zones.locked}}}", "r", set, Quoting::kPlain) == "{a, b}");
  CHECK(fill("kill -9 {processes.master.pid}", "r", set, Quoting::kShell) ==
        "kill -9 PROCESSES_MASTER_PID");
  CHECK(fill("kill {processes.master.pid|$(cat /run/nginx.pid)}", "r", set, Quoting::kShell) ==
        "kill $(cat /run/nginx.pid)");
}

TEST_CASE("a value in a command cannot become another command") {
  const auto put = [](ngxdiag::model::Value value) {
    return fill("ls {zones.locked|ZONE}", "r", facts({{"zones.locked", value}}), Quoting::kShell);
  };
  CHECK(put(text("/run/nginx.pid")) == "ls /run/nginx.pid");
  CHECK(put(text("a b")) == "ls 'a b'");
  CHECK(put(text("$(reboot)")) == "ls '$(reboot)'");
  CHECK(put(text("'; reboot; '")) == "ls ''\\''; reboot; '\\'''");
  CHECK(put(text("`reboot`|cat>x")) == "ls '`reboot`|cat>x'");
  CHECK(put(list({"a", "b c"})) == "ls a 'b c'");
  // What a terminal would act on, or a program take for an option, is not put in at all.
  CHECK(put(text("a\nreboot\n")) == "ls ZONE");
  CHECK(put(text("a\x1b[201~reboot")) == "ls ZONE");
  CHECK(put(text("-rf")) == "ls ZONE");
  CHECK(put(list({"a", "-rf"})) == "ls ZONE");
  CHECK(put(text("")) == "ls ZONE");
  CHECK(put(text("{deaths.total}")) == "ls '{deaths.total}'");
}

TEST_CASE("a value in a sentence is a glimpse") {
  const auto set =
      facts({{"zones.locked", text(std::string(5000, 'x'))},
             {"modules.names", list({"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"})}});
  CHECK(fill("{zones.locked}", "r", set, Quoting::kPlain).size() < 200);
  CHECK(fill("{modules.names}", "r", set, Quoting::kPlain) == "1, 2, 3, 4, 5, 6, 7, 8 and 2 more");
}

TEST_CASE("a place may ask for a form") {
  const auto set = facts({{"stale.oldest_age", number(7500)},
                          {"stale.rss", number(1610612736)},
                          {"zones.locked", list({"a", "b c"})},
                          {"modules.names", list({})}});
  const auto plain = [&](std::string_view text) { return fill(text, "r", set, Quoting::kPlain); };
  CHECK(plain("{stale.oldest_age:duration}") == "2 h 5 min");
  CHECK(plain("{stale.rss:size}") == "1.5 GiB");
  CHECK(plain("{zones.locked:count} zones, {zones.locked:first}") == "2 zones, a");
  CHECK(plain("{stale.workers:count|some}") == "some");
  CHECK(plain("{modules.names}, {modules.names:count}") == "none, 0");
  CHECK(fill("ls {zones.locked:first}", "r", set, Quoting::kShell) == "ls a");
  CHECK(ngxdiag::base::contains(wrong("{zones.locked:last}"), "unknown form \"last\""));
}

TEST_CASE("broken places are told") {
  CHECK(wrong("plain {a.b} {a|words with spaces}") == "");
  CHECK(ngxdiag::base::contains(wrong("awk '{print $1}'"), "write {{ and }} for braces"));
  CHECK(ngxdiag::base::contains(wrong("an open { brace"), "without its '}'"));
  CHECK(ngxdiag::base::contains(wrong("a closing } brace"), "single '}'"));
  CHECK(ngxdiag::base::contains(wrong("{}"), "names no fact"));
}

TEST_CASE("places inside a command's quotes are seen") {
  CHECK_FALSE(in_quotes("grep 'open files' /proc/{p|PID}/limits"));
  CHECK_FALSE(in_quotes("echo \\' {p|PID}"));
  CHECK(in_quotes("grep '{p}' file"));
  CHECK(in_quotes("grep \"x {p}\" file"));
  CHECK(in_quotes("echo \"it's\\\" {p}\""));
  CHECK(in_quotes("echo \\{p}"));
  CHECK(in_quotes("cat <<EOF\n{p}\nEOF"));
}
