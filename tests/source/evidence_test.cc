#include "libdiag/source/evidence.h"

#include <doctest/doctest.h>

#include "libdiag/source/streams.h"

using namespace ngxdiag;

TEST_CASE("a text at hand is a document that can be read again") {
  const source::Document document = source::text_document("ps", "a\nb\n", model::Kind::kPs);
  CHECK(document.kind == model::Kind::kPs);
  for (int i = 0; i < 2; ++i) {
    model::Gap gap;
    const auto stream = document.open(gap);
    REQUIRE(stream);
    CHECK(source::read_some(*stream, 100) == "a\nb\n");
  }
}
