#include "libdiag/parse/message_meaning.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

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

TEST_CASE("every entry is of messages or a subsystem that exist, once") {
  const MessageCatalogue& all = MessageCatalogue::builtin();
  std::string_view table = base::builtin_data("meanings.tsv");
  std::set<std::string_view> seen;
  while (!table.empty()) {
    const auto cells = base::split(base::take_line(table), '\t');
    if (cells[0].starts_with('#')) continue;
    CAPTURE(cells[0]);
    CHECK(cells.size() == 4);
    for (std::string_view key : base::split(cells[0], '|')) {
      CAPTURE(key);
      CHECK(seen.insert(key).second);
      if (key.ends_with('*')) {
        key.remove_suffix(1);
        CHECK(std::any_of(all.entries().begin(), all.entries().end(),
                          [&](const MessageEntry& entry) { return entry.id.starts_with(key); }));
      } else if (key.find('.') != std::string_view::npos) {
        CHECK(all.find(key) != nullptr);
      }
    }
  }
}

TEST_CASE(
    "emerg, alert and crit have meaning, causes and next steps; error meaning and next steps") {
  for (const MessageEntry& entry : MessageCatalogue::builtin().entries()) {
    CAPTURE(entry.id);
    const MessageMeaning meaning = meaning_of(entry.id);
    CHECK_FALSE(meaning.meaning.empty());
    bool serious = false, error = false;
    for (const std::string_view level : base::split(entry.levels, ',')) {
      serious |= level == "emerg" || level == "alert" || level == "crit";
      error |= level == "error";
    }
    if (!serious && !error) continue;
    CHECK_FALSE(meaning.general);
    CHECK(meaning.meaning.size() >= 40);
    CHECK_FALSE(meaning.next.empty());
    if (serious) CHECK_FALSE(meaning.causes.empty());
  }
}

TEST_CASE("a family stands for all that begin alike, and an entry of its own goes before it") {
  CHECK(meaning_of("http-dav.is-collection").meaning.starts_with("A WebDAV request"));
  CHECK(meaning_of("http-dav.rmdir-failed").meaning.starts_with("A WebDAV DELETE"));
  CHECK_FALSE(meaning_of("http-dav.is-collection").general);
}

TEST_CASE("when a message is printed is known of each of its calls") {
  CHECK(emitted_when(MessageKind::kLog, "src/os/unix/ngx_process.c:ngx_signal_handler") ==
        "when a process of nginx receives a signal");
  CHECK(emitted_when(MessageKind::kConf, "src/http/ngx_http_core_module.c:ngx_http_core_listen")
            .starts_with("while the configuration is read"));
  CHECK(emitted_when(MessageKind::kLog, "elsewhere.c:f").empty());
  for (const MessageEntry& entry : MessageCatalogue::builtin().entries())
    for (const std::string_view source : base::split(entry.source, ';')) {
      CAPTURE(source);
      if (source.find("ngx_") != std::string_view::npos)
        CHECK_FALSE(emitted_when(entry.kind, source).empty());
    }
}

TEST_CASE("errno has a name") {
  REQUIRE(errno_meaning(24));
  CHECK(errno_meaning(24)->name == "EMFILE");
  CHECK_FALSE(errno_meaning(4711));
}
