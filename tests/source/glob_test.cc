#include "libdiag/source/glob.h"

#include <doctest/doctest.h>

using namespace ngxdiag::source;

TEST_CASE("patterns match as in glob(3)") {
  CHECK(glob_match("*.conf", "a.conf"));
  CHECK_FALSE(glob_match("*.conf", "a.conf.bak"));
  CHECK_FALSE(glob_match("*", ".hidden"));
  CHECK(glob_match(".*", ".hidden"));
  CHECK(glob_match("[0-9][!a]?", "50x"));
  CHECK_FALSE(glob_match("[!a]", "a"));
  CHECK(glob_match("a\\*b", "a*b"));
  CHECK_FALSE(glob_match("a\\*b", "axb"));
  CHECK(glob_match("[", "["));
  CHECK(glob_match("[]x]", "]"));
  CHECK(glob_match("", ""));
}

TEST_CASE("a hostile pattern costs no more than its length") {
  std::string pattern, name(20000, 'a');
  for (int i = 0; i < 2000; ++i) pattern += "*a";
  CHECK_FALSE(glob_match(pattern + "b", name));
}

TEST_CASE("patterns are expanded in byte order over the tree") {
  const auto files = memory_files({{"/etc/nginx/conf.d/b.conf", ""},
                                   {"/etc/nginx/conf.d/a.conf", ""},
                                   {"/etc/nginx/conf.d/x.txt", ""},
                                   {"/etc/nginx/sites/c/n.conf", ""},
                                   {"/etc/nginx/nginx.conf", ""}});
  CHECK(files->glob("/etc/nginx/conf.d/*.conf") ==
        std::vector<std::string>{"/etc/nginx/conf.d/a.conf", "/etc/nginx/conf.d/b.conf"});
  CHECK(files->glob("/etc/nginx/*/*/*.conf") ==
        std::vector<std::string>{"/etc/nginx/sites/c/n.conf"});
  CHECK(files->glob("/etc/nginx/nginx.conf") == std::vector<std::string>{"/etc/nginx/nginx.conf"});
  CHECK(files->glob("/etc/nginx/none.conf").empty());
  CHECK(files->glob("").empty());
}
