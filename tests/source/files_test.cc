#include "libdiag/source/files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include <doctest/doctest.h>

#include "libdiag/source/streams.h"
#include "tests/source/packed.h"
#include "tests/source/tree.h"

using namespace ngxdiag;
using namespace ngxdiag::source;

TEST_CASE("a captured tree is read as if it were the host") {
  const tree::Temporary dir;
  dir.write("usr/share/nginx/modules-available/mod-nchan.conf",
            "load_module modules/ngx_nchan_module.so;\n");
  dir.link("etc/nginx/modules-enabled/50-mod-nchan.conf",
           "/usr/share/nginx/modules-available/mod-nchan.conf");
  dir.write("var/log/nginx/error.log.2.gz", packed::gzip("a line\n"));
  const auto files = host_files(dir.path());
  CHECK(files->read("/etc/nginx/modules-enabled/50-mod-nchan.conf").bytes ==
        "load_module modules/ngx_nchan_module.so;\n");
  CHECK(files->glob("/etc/nginx/modules-enabled/*.conf") ==
        std::vector<std::string>{"/etc/nginx/modules-enabled/50-mod-nchan.conf"});
  const FileInfo info = files->info("/etc/nginx/modules-enabled/50-mod-nchan.conf");
  CHECK(info.symlink);
  CHECK(info.link == "/usr/share/nginx/modules-available/mod-nchan.conf");
  model::Gap gap;
  const auto stream = files->open("/var/log/nginx/error.log.2.gz", gap);
  REQUIRE(stream);
  CHECK(read_some(*stream, 100) == "a line\n");
}

TEST_CASE("what cannot be read is a gap in plain words") {
  const tree::Temporary dir;
  dir.write("dir/file", "x");
  const auto files = host_files(dir.path());
  CHECK(files->read("/none").gap.why == "does not exist");
  CHECK(files->read("/dir").gap.why == "is a directory");
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
  CHECK(files->read("/fifo").gap.why == "is a fifo");
  model::Gap gap;
  CHECK(files->open("/fifo", gap) == nullptr);
  CHECK(gap.what == "/fifo");
  CHECK(files->list("/dir/file", gap).empty());
  CHECK(gap.why == "is no directory");
  CHECK_FALSE(files->info("/none").exists);
}

TEST_CASE("a relative path is looked up from the working directory") {
  const tree::Temporary dir;
  dir.write("a/log", "x\n");
  dir.link("abs", dir / "a/log");
  dir.link("a/up", "../a/log");
  const auto old = std::filesystem::current_path();
  std::filesystem::current_path(dir.path());
  CHECK(host_files("")->read("a/log").bytes == "x\n");
  CHECK(host_files("")->read("abs").bytes == "x\n");
  CHECK(host_files("")->read("a/up").bytes == "x\n");
  CHECK(host_files("")->read("a/../a/log").bytes == "x\n");
  std::filesystem::current_path(old);
}

TEST_CASE("a tree in memory follows links as a disk does") {
  const auto files = memory_files({{"/etc/nginx/nginx.conf", "user www-data;"},
                                   {"/etc/nginx/on/x.conf", "-> ../off/x.conf"},
                                   {"/etc/nginx/off/x.conf", "fair;"},
                                   {"/etc/alias", "-> /etc/nginx"},
                                   {"/loop", "-> /loop"}});
  CHECK(files->read("/etc/nginx/on/x.conf").bytes == "fair;");
  CHECK(files->read("/etc/alias/nginx.conf").bytes == "user www-data;");
  CHECK(files->read("/../../etc/nginx/nginx.conf").bytes == "user www-data;");
  CHECK(files->read("/loop").gap.why == "too many symbolic links");
  CHECK(files->read("/etc").gap.why == "is a directory");
  model::Gap gap;
  CHECK(files->list("/etc/nginx", gap) == std::vector<std::string>{"nginx.conf", "off", "on"});
  CHECK(files->info("/etc/nginx").directory);
  CHECK(files->info("/etc/nginx/on/x.conf").symlink);
}

TEST_CASE("without files every read is a gap") {
  const auto files = no_files();
  CHECK(files->read("/etc/nginx/nginx.conf").gap.why == "is not among the files given");
  CHECK(files->glob("/*").empty());
}
