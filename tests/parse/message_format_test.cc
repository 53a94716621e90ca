#include "libdiag/parse/message_format.h"

#include <doctest/doctest.h>

using ngxdiag::parse::MessageFormat;

TEST_CASE("a format fits what it can print, and the whole of it") {
  const MessageFormat exited("%s %P exited on signal %d%s");
  CHECK(exited.fits("worker process 9 exited on signal 11"));
  CHECK(exited.fits("worker process 9 exited on signal 11 (core dumped)"));
  CHECK_FALSE(exited.fits("worker process X exited on signal 11"));
  const MessageFormat plain("could not respawn %s now");
  CHECK(plain.fits("could not respawn worker process now"));
  CHECK_FALSE(plain.fits("could not respawn worker process now!"));
  CHECK_FALSE(plain.fits("it could not respawn worker process now"));
}

TEST_CASE("numbers, characters and hexadecimal have their own grammar") {
  CHECK(MessageFormat("a %d b").fits("a -7 b"));
  CHECK_FALSE(MessageFormat("a %ui b").fits("a -7 b"));
  CHECK(MessageFormat("at %p").fits("at 00007F00AB12CD34"));
  CHECK_FALSE(MessageFormat("at %p").fits("at 00007F00AB12CD34FF"));
  CHECK(MessageFormat("%ui.%03ui ms").fits("12.003 ms"));
  CHECK(MessageFormat("invalid \"%c\"").fits("invalid \"\"\""));
  CHECK(MessageFormat("100%% of %.3f").fits("100% of 0.125"));
  CHECK(MessageFormat("byte \\x%02xd").fits("byte \\x0a"));
}

TEST_CASE("any text may hold the words that follow it") {
  const MessageFormat open("open() \"%s\" failed");
  CHECK(open.fits("open() \"/a\" failed\" failed"));
  CHECK_FALSE(open.fits("open() \"/a\" failed\" fail"));
  const MessageFormat two("no \"%V\" in \"%V\" of %ui");
  CHECK(two.fits("no \"x\" in \"y\" in \"z\" of 5"));
  CHECK_FALSE(two.fits("no \"x\" in \"y\" of five"));
}

TEST_CASE("an argument whose texts are known prints nothing else") {
  const MessageFormat directive("\"%s\" directive %s", 2, {"is duplicate", "invalid value"});
  CHECK(directive.fits("\"listen\" directive is duplicate"));
  CHECK_FALSE(directive.fits("\"listen\" directive is odd"));
}

TEST_CASE("head and longest inner literal") {
  const MessageFormat format("open() \"%s\" failed here");
  CHECK(format.head() == "open() \"");
  CHECK(format.longest_inner() == "\" failed here");
  CHECK(MessageFormat("%V").head().empty());
}
