#include "libdiag/parse/ini.h"

#include <string>

#include <doctest/doctest.h>

using namespace ngxdiag::parse;

TEST_CASE("sections, entries, comments") {
  const Ini ini = parse_ini(
      "# what counts as bad\r\n"
      "color = never\r\n"
      "\r\n"
      "[check]\r\n"
      "; processes\r\n"
      "\twarning=processes=100   \r\n"
      "  critical =\n");
  CHECK(ini.mistakes.empty());
  REQUIRE(ini.sections.size() == 1);
  CHECK(ini.sections[0].text == "check");
  CHECK(ini.sections[0].place.line == 4);
  CHECK(ini.sections[0].place.column == 2);
  REQUIRE(ini.entries.size() == 3);
  CHECK(ini.entries[0].section.text.empty());
  CHECK(ini.entries[0].key.text == "color");
  CHECK(ini.entries[0].value.text == "never");
  CHECK(ini.entries[1].section.text == "check");
  CHECK(ini.entries[1].key.text == "warning");
  CHECK(ini.entries[1].key.place.column == 2);
  CHECK(ini.entries[1].value.text == "processes=100");
  CHECK(ini.entries[1].value.place.line == 6);
  CHECK(ini.entries[1].value.place.column == 10);
  CHECK(ini.entries[2].value.text.empty());
}

TEST_CASE("a value keeps what looks like a comment") {
  const Ini ini = parse_ini("suppress = /etc/a#b;c.json # not a comment\n");
  REQUIRE(ini.entries.size() == 1);
  CHECK(ini.entries[0].value.text == "/etc/a#b;c.json # not a comment");
}

TEST_CASE("every mistake is told with its place") {
  using namespace std::string_literals;
  const Ini ini = parse_ini("\xEF\xBB\xBF[scan\n  what\n = 1\n[]\nx = \0y\ngood = 1"s);
  REQUIRE(ini.mistakes.size() == 5);
  CHECK(ini.mistakes[0].place.line == 1);
  CHECK(ini.mistakes[0].says == "a section ends with ]");
  CHECK(ini.mistakes[1].place.line == 2);
  CHECK(ini.mistakes[1].place.column == 3);
  CHECK(ini.mistakes[2].says == "no key before =");
  CHECK(ini.mistakes[3].says == "a section without a name");
  CHECK(ini.mistakes[4].place.column == 5);
  REQUIRE(ini.entries.size() == 1);
  CHECK(ini.entries[0].key.text == "good");
}

TEST_CASE("nothing is nothing") {
  for (const char* text : {"", "\n\n", "\xEF\xBB\xBF", "# only a comment"}) {
    const Ini ini = parse_ini(text);
    CHECK(ini.entries.empty());
    CHECK(ini.sections.empty());
    CHECK(ini.mistakes.empty());
  }
}
