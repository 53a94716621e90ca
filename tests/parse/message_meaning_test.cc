#include "libdiag/parse/message_meaning.h"

#include <doctest/doctest.h>

#include "libdiag/base/builtin_data.h"
#include "libdiag/base/text.h"
#include "libdiag/parse/message_catalogue.h"

using namespace ngxdiag;
using namespace ngxdiag::parse;

TEST_CASE("a message has its own meaning, or its subsystem's and says so") {
  const MessageMeaning own = meaning_of("process.exited-on-signal");
  CHECK_FALSE(own.general);
  CHECK(own.causes.size() >= 2);
  CHECK(own.next.size() >= 2);
  CHECK(meaning_of("http.something-rare").general);
  CHECK(meaning_of("http-proxy.something-rare").general);
  CHECK(meaning_of("no-such.thing").meaning.empty());
}

TEST_CASE("every entry is of a message or a subsystem that exists, and every message has one") {
  const MessageCatalogue& all = MessageCatalogue::builtin();
  std::string_view table = base::builtin_data("meanings.tsv");
  int own = 0;
  while (!table.empty()) {
    const auto cells = base::split(base::take_line(table), '\t');
    if (cells[0].starts_with('#')) continue;
    CAPTURE(cells[0]);
    CHECK(cells.size() == 4);
    if (cells[0].find('.') == std::string_view::npos) continue;
    CHECK(all.find(cells[0]) != nullptr);
    ++own;
  }
  CHECK(own >= 150);
  for (const MessageEntry& entry : all.entries()) {
    CAPTURE(entry.id);
    CHECK_FALSE(meaning_of(entry.id).meaning.empty());
  }
}

TEST_CASE("errno has a name") {
  REQUIRE(errno_meaning(24));
  CHECK(errno_meaning(24)->name == "EMFILE");
  CHECK_FALSE(errno_meaning(4711));
}
