#include "libdiag/source/loose.h"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "libdiag/base/error.h"
#include "libdiag/source/streams.h"
#include "tests/source/packed.h"
#include "tests/source/tree.h"

using namespace ngxdiag;
using namespace ngxdiag::source;

namespace {

Evidence gather(const std::vector<LooseInput>& inputs) { return gather_loose(inputs, 0, "host"); }

std::string text_of(const Document& document) {
  model::Gap gap;
  const auto stream = document.open(gap);
  return stream ? read_some(*stream, 1u << 26) : "GAP " + gap.why;
}

std::vector<std::string> paths(const Evidence& evidence) {
  std::vector<std::string> out;
  for (const Document& document : evidence.instances.at(0).documents) out.push_back(document.path);
  return out;
}

bool has_gap(const Evidence& evidence, const std::string& what, const std::string& why) {
  return std::any_of(evidence.gaps.begin(), evidence.gaps.end(), [&](const model::Gap& gap) {
    return gap.what.find(what) != std::string::npos && gap.why.find(why) != std::string::npos;
  });
}

const char* const kLine =
    "2026/04/21 23:18:20 [alert] 812#812: worker process 9 exited on signal 11\n";

}  // namespace

TEST_CASE("files become documents, with a kind only when the user said so") {
  const tree::Temporary dir;
  dir.write("a.txt", kLine);
  dir.write("b.gz", packed::gzip(kLine));
  const Evidence evidence =
      gather({{dir / "a.txt", std::nullopt}, {dir / "b.gz", model::Kind::kErrorLog}});
  REQUIRE(evidence.instances.size() == 1);
  const auto& documents = evidence.instances[0].documents;
  REQUIRE(documents.size() == 2);
  CHECK_FALSE(documents[0].kind);
  CHECK(documents[1].kind == model::Kind::kErrorLog);
  CHECK(text_of(documents[0]) == kLine);
  CHECK(text_of(documents[1]) == kLine);
  CHECK(evidence.gaps.empty());
  CHECK(evidence.instances[0].files->read("/etc/nginx/nginx.conf").gap.why ==
        "is not among the files given");
}

TEST_CASE("a file that does not exist is the user's error, what holds nothing is a gap") {
  const tree::Temporary dir;
  CHECK_THROWS_AS(gather({{dir / "none", std::nullopt}}), base::UserError);
  dir.write("empty", "");
  dir.write("empty.gz", packed::gzip(""));
  dir.write("core", std::string("\x7f"
                                "ELF\2\1\1\0\0\0\0\0\0\0\0\0\4\0",
                                18) +
                        std::string(100, '\0'));
  dir.write("picture", std::string("\x89PNG\r\n\x1a\n\0\0\0", 11));
  dir.write("privkey.pem", "whatever");
  dir.write("bundle.pem",
            "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n-----BEGIN RSA PRIVATE "
            "KEY-----\nMII\n");
  const Evidence evidence = gather({{dir.path(), std::nullopt}});
  CHECK(evidence.instances[0].documents.empty());
  CHECK(has_gap(evidence, "empty", "is empty"));
  CHECK(has_gap(evidence, "empty.gz", "is empty"));
  CHECK(has_gap(evidence, "core", "core dump"));
  CHECK(has_gap(evidence, "picture", "is no text"));
  CHECK(has_gap(evidence, "privkey.pem", "private key"));
  CHECK(has_gap(evidence, "bundle.pem", "private key"));
}

TEST_CASE("directories are walked in name order and never left") {
  const tree::Temporary dir, other;
  other.write("secret", kLine);
  dir.write("b/z.log", kLine);
  dir.write("b/a.log", kLine);
  dir.write("a.log", kLine);
  dir.link("b/out.log", other / "secret");
  dir.link("same.log", "a.log");
  dir.link("up", "..");
  const Evidence evidence = gather({{dir.path(), std::nullopt}});
  CHECK(paths(evidence) ==
        std::vector<std::string>{dir / "a.log", dir / "b/a.log", dir / "b/z.log"});
  CHECK(has_gap(evidence, "b/out.log", "was not followed"));
  CHECK(text_of(evidence.instances[0].documents[1]) == kLine);
}

TEST_CASE("archives are read in memory, nested twice at most") {
  const tree::Temporary dir;
  const std::string inner =
      packed::archived({{"deep.log", kLine}, {"deeper.tar", packed::archived({{"x", kLine}})}});
  dir.write("bundle.tar.zst",
            packed::zstd(packed::archived({{"../../var/log/nginx/error.log", kLine},
                                           {"var/log/nginx/error.log.2.gz", packed::gzip(kLine)},
                                           {"inner.tar.gz", packed::gzip(inner)},
                                           {"etc/ssl/site.key", "secret"},
                                           {"nothing", ""}})));
  const Evidence evidence = gather({{dir / "bundle.tar.zst", std::nullopt}});
  const std::string top = dir / "bundle.tar.zst";
  CHECK(paths(evidence) == std::vector<std::string>{top + "/var/log/nginx/error.log",
                                                    top + "/var/log/nginx/error.log.2.gz",
                                                    top + "/inner.tar.gz/deep.log"});
  for (const Document& document : evidence.instances[0].documents)
    CHECK(text_of(document) == kLine);
  CHECK(has_gap(evidence, "deeper.tar", "archive inside an archive"));
  CHECK(has_gap(evidence, "site.key", "private key"));
  CHECK(has_gap(evidence, "nothing", "is empty"));
}

TEST_CASE("a large member is read from the archive again when it is asked for") {
  const tree::Temporary dir;
  std::string large;
  while (large.size() < (5u << 20)) large += kLine;
  dir.write("x.zip", packed::archived({{"small.log", kLine}, {"large.log", large}}, true));
  const Evidence evidence = gather({{dir / "x.zip", std::nullopt}});
  REQUIRE(evidence.instances[0].documents.size() == 2);
  for (int i = 0; i < 2; ++i) CHECK(text_of(evidence.instances[0].documents[1]) == large);
}

TEST_CASE("a captured host inside an archive or a directory is looked up by its own paths") {
  const tree::Temporary dir;
  const std::vector<std::pair<std::string, std::string>> members = {
      {"sosreport-web1/etc/nginx/nginx.conf", "include modules-enabled/*.conf;"},
      {"sosreport-web1/etc/nginx/modules-enabled/50.conf", "-> /usr/share/nginx/x.conf"},
      {"sosreport-web1/usr/share/nginx/x.conf", "load_module x.so;"},
      {"sosreport-web1/var/log/nginx/error.log", kLine}};
  dir.write("sos.tar", packed::archived(members));
  const tree::Temporary plain;
  for (const auto& [path, text] : members)
    if (text.compare(0, 3, "-> ") == 0)
      plain.link(path, text.substr(3));
    else
      plain.write(path, text);
  for (const std::string& given : {dir / "sos.tar", plain.path(), plain / "sosreport-web1"}) {
    const Evidence evidence = gather({{given, std::nullopt}});
    const Instance& instance = evidence.instances.at(0);
    CHECK(instance.has_tree);
    CHECK(instance.files->read("/etc/nginx/modules-enabled/50.conf").bytes == "load_module x.so;");
    std::vector<std::string> seen = paths(evidence);
    std::sort(seen.begin(), seen.end());
    CHECK(seen == std::vector<std::string>{"/usr/share/nginx/x.conf", "/var/log/nginx/error.log"});
  }
}

TEST_CASE("standard input and pipes are read once") {
  const tree::Temporary dir;
  dir.write("in", kLine);
  const int saved = ::dup(0);
  const int file = ::open((dir / "in").c_str(), O_RDONLY);
  ::dup2(file, 0);
  ::close(file);
  const Evidence evidence = gather({{"-", std::nullopt}});
  ::dup2(saved, 0);
  REQUIRE(evidence.instances[0].documents.size() == 1);
  CHECK(evidence.instances[0].documents[0].path == "-");
  CHECK(text_of(evidence.instances[0].documents[0]) == kLine);
  CHECK(text_of(evidence.instances[0].documents[0]).find("GAP was read already") == 0);
}

TEST_CASE("a device is refused") {
  const Evidence evidence = gather({{"/dev/null", std::nullopt}});
  CHECK(has_gap(evidence, "/dev/null", "is a device"));
}
