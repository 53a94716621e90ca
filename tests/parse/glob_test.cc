#include "libdiag/parse/glob.h"

#include <doctest/doctest.h>

#include <string>

using namespace ngxdiag::parse;

TEST_CASE("a star stops at a slash and at a leading dot") {
  CHECK(glob_match("/etc/nginx/conf.d/*.conf", "/etc/nginx/conf.d/a.conf"));
  CHECK(glob_match("/etc/nginx/sites-enabled/*", "/etc/nginx/sites-enabled/default"));
  CHECK_FALSE(glob_match("/etc/nginx/*.conf", "/etc/nginx/conf.d/a.conf"));
  CHECK_FALSE(glob_match("/etc/nginx/sites-enabled/*", "/etc/nginx/sites-enabled/.hidden"));
  CHECK(glob_match("/etc/nginx/sites-enabled/.*", "/etc/nginx/sites-enabled/.hidden"));
  CHECK(glob_match("/a/*/b/*.conf", "/a/x/b/y.conf"));
  CHECK_FALSE(glob_match("/a/*/b/*.conf", "/a/x/y/b/y.conf"));
  CHECK(glob_match("*a*b*", "xxaxxbxx"));
  CHECK(glob_match("*", ""));
  CHECK_FALSE(glob_match("", "a"));
}

TEST_CASE("sets, question marks and escapes") {
  CHECK(glob_match("a?c", "abc"));
  CHECK_FALSE(glob_match("a?c", "a/c"));
  CHECK(glob_match("[0-9]*.conf", "10-a.conf"));
  CHECK_FALSE(glob_match("[!0-9]*.conf", "10-a.conf"));
  CHECK(glob_match("[^0-9]*.conf", "a.conf"));
  CHECK(glob_match("a[]]b", "a]b"));
  CHECK(glob_match("a[b", "a[b"));
  CHECK(glob_match("a\\*b", "a*b"));
  CHECK_FALSE(glob_match("a\\*b", "axb"));
  CHECK(has_wildcard("conf.d/*.conf"));
  CHECK_FALSE(has_wildcard("mime.types"));
}

TEST_CASE("the work is bounded") {
  size_t steps = 1000;
  CHECK_FALSE(glob_match("*a*a*a*a*b", std::string(5000, 'a'), &steps));
  CHECK(steps == 0);
}
