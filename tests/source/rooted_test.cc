#include "libdiag/source/rooted.h"

#include <sys/stat.h>

#include <doctest/doctest.h>

#include "tests/source/tree.h"

using namespace ngxdiag::source;

TEST_CASE("links stay below the root") {
  const tree::Temporary dir;
  dir.write("usr/share/nginx/modules-available/mod-http-lua.conf", "load_module x;");
  dir.link("etc/nginx/modules-enabled/50-lua.conf",
           "/usr/share/nginx/modules-available/mod-http-lua.conf");
  dir.link("up", "../../../../../../../usr/share/nginx");
  dir.link("loop", "loop");
  dir.link("out", "/etc/passwd");
  CHECK(find_below(dir.path(), "/etc/nginx/modules-enabled/50-lua.conf", true).at);
  CHECK(find_below(dir.path(), "/up/modules-available", true).at);
  CHECK(find_below(dir.path(), "../../usr/share", true).at);
  CHECK(find_below(dir.path(), "/loop", true).why == "too many symbolic links");
  CHECK(find_below(dir.path(), "/out", true).why == "does not exist");
  CHECK(find_below(dir.path(), "/out", false).link == "/etc/passwd");
}

TEST_CASE("a path that can be none is refused") {
  const tree::Temporary dir;
  dir.write("file", "x");
  CHECK(find_below(dir.path(), std::string("/fi\0le", 6), true).why == "is no usable path");
  CHECK(find_below(dir.path(), "/file/below", true).why == "does not exist");
  CHECK(find_below("/nonexistent-root", "/file", true).why == "does not exist");
}

TEST_CASE("the standard streams of another process are not ours to read") {
  const tree::Temporary dir;
  dir.link("var/log/nginx/error.log", "/dev/stderr");
  CHECK(find_below(dir.path(), "/var/log/nginx/error.log", true).why.find("standard stream") !=
        std::string::npos);
}

TEST_CASE("fifos and devices are never opened") {
  const tree::Temporary dir;
  REQUIRE(::mkfifo((dir / "pipe").c_str(), 0600) == 0);
  std::string why;
  CHECK_FALSE(open_found(find_below(dir.path(), "/pipe", true), why));
  CHECK(why == "is a fifo");
  CHECK_FALSE(open_found(find_below("", "/dev/null", true), why));
  CHECK(why == "is a device");
}

TEST_CASE("the walk stops before it touches a slow mount, also by a link") {
  const tree::Temporary dir;
  dir.write("srv/www/file", "x");
  dir.link("var/www", "/srv/../srv/www");
  const std::set<std::string> slow = {"/srv/www"};
  for (const auto* path : {"/srv/www/file", "/var/www/file", "/srv/www"}) {
    const Found found = find_below(dir.path(), path, true, &slow);
    CHECK(found.slow_mount == "/srv/www");
    CHECK_FALSE(found.at);
  }
  CHECK(find_below(dir.path(), "/srv", true, &slow).at);
}

TEST_CASE("without /proc an entry is opened by its name, if it is still the same") {
  const tree::Temporary dir;
  dir.write("var/log/error.log", "x");
  dir.link("log", "/var/log/error.log");
  std::string why;
  for (const auto* path : {"/var/log/error.log", "/log", "/var/../var/log", "/"}) {
    const Found found = find_below(dir.path(), path, true);
    const Descriptor fd = open_found_by_name(found, why);
    REQUIRE_MESSAGE(fd, path << ": " << why);
    struct stat status {};
    REQUIRE(::fstat(fd.get(), &status) == 0);
    CHECK(status.st_ino == found.stat.st_ino);
  }
  const Found found = find_below(dir.path(), "/log", true);
  dir.write("other", "y");
  REQUIRE(::rename((dir / "other").c_str(), (dir / "var/log/error.log").c_str()) == 0);
  CHECK_FALSE(open_found_by_name(found, why));
  CHECK(why == "was replaced while it was looked at");
}
