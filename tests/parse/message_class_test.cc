#include "libdiag/parse/message_class.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>

#include "libdiag/base/builtin_data.h"
#include "libdiag/base/text.h"
#include "libdiag/parse/glob.h"

using namespace ngxdiag;
using namespace ngxdiag::parse;

namespace {

std::string_view slug(std::string_view id) {
  const MessageEntry* entry = MessageCatalogue::builtin().find(id);
  return message_classes()[class_of(entry ? entry->kind : MessageKind::kLog, id)].slug;
}

}  // namespace

TEST_CASE("messages have the class of what they tell of") {
  CHECK(slug("process.exited-on-signal") == "deaths");
  CHECK(slug("process.exited-with-code") == "lifecycle");
  CHECK(slug("process.fork-failed-while-spawning") == "processes");
  CHECK(slug("libc.assertion") == "deaths");
  CHECK(slug("common.connect-failed") == "upstream-connect");
  CHECK(slug("common.upstream-timed-out") == "upstream-timeout");
  CHECK(slug("upstream.upstream-prematurely-closed-connection") == "upstream-answer");
  CHECK(slug("http.client-sent-invalid-method") == "clients");
  CHECK(slug("http.client-intended-to-send-too-large-body-bytes") == "limits");
  CHECK(slug("http.duplicate-location") == "configuration");
  CHECK(slug("conf.unknown-directive") == "configuration");
  CHECK(slug("connection.bind-to-failed") == "listen");
  CHECK(slug("slab.ngx_slab_alloc-failed-no-memory") == "zones");
  CHECK(slug("no-such.message") == "other");
}

TEST_CASE("every pattern is of a message, and few serious messages have no class") {
  const auto& entries = MessageCatalogue::builtin().entries();
  std::string_view table = base::builtin_data("message_classes.tsv");
  while (!table.empty()) {
    const auto cells = base::split(base::take_line(table), '\t');
    if (cells[0].starts_with('#')) continue;
    REQUIRE(cells.size() == 3);
    for (const std::string_view pattern : base::split(cells[2], '|')) {
      CAPTURE(pattern);
      CHECK((pattern == "conf:" || pattern == "libc.*" ||
             std::any_of(entries.begin(), entries.end(), [&](const MessageEntry& entry) {
               return glob_match(pattern, entry.id);
             })));
    }
  }
  size_t serious = 0, without = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].levels.find("e") == std::string_view::npos) continue;
    ++serious;
    without += classes_of_entries()[i] == 0;
  }
  CHECK(without * 10 < serious);
  CHECK(message_classes().size() <= kMaxClasses);
}
