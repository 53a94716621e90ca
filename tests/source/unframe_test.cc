#include "libdiag/source/unframe.h"

#include <doctest/doctest.h>

#include "libdiag/base/limits.h"
#include "libdiag/source/streams.h"

using namespace ngxdiag;
using namespace ngxdiag::source;

namespace {

const std::string kDeath =
    "2026/04/21 23:18:20 [alert] 812#812: worker process 9 exited on signal 11";
const std::string kRefused =
    "2026/04/21 23:18:21 [error] 900#900: *7 connect() failed (111: Connection refused) while "
    "connecting to upstream, client: 192.0.2.1, server: a, request: \"GET / HTTP/1.1\"";

std::string plain(const std::string& bytes) {
  const auto stream = unframed(memory_stream(std::make_shared<const std::string>(bytes)));
  return read_some(*stream, 64u << 20);
}

std::string docker(const std::string& log, const std::string& stream = "stderr",
                   const std::string& time = "2026-04-21T23:18:20.5Z") {
  std::string escaped;
  for (const char c : log) escaped += c == '"' ? "\\\"" : c == '\n' ? "\\n" : std::string(1, c);
  return "{\"log\":\"" + escaped + "\",\"stream\":\"" + stream + "\",\"time\":\"" + time + "\"}\n";
}

}  // namespace

TEST_CASE("docker's json-file becomes lines with their quotes") {
  CHECK(plain(docker(kDeath + "\n") + docker(kRefused + "\n")) ==
        "2026-04-21T23:18:20.5Z stderr F " + kDeath + "\n2026-04-21T23:18:20.5Z stderr F " +
            kRefused + "\n");
}

TEST_CASE("parts of a line are joined, other streams come in between, every line stays one") {
  const std::string out = plain(docker(kRefused.substr(0, 70)) +
                                docker("192.0.2.9 - - \"GET / HTTP/1.1\" 200\n", "stdout") +
                                docker(kRefused.substr(70) + "\n") + docker(kDeath + "\n"));
  CHECK(out ==
        "2026-04-21T23:18:20.5Z stdout F 192.0.2.9 - - \"GET / HTTP/1.1\" 200\n"
        "\n2026-04-21T23:18:20.5Z stderr F " +
            kRefused + "\n2026-04-21T23:18:20.5Z stderr F " + kDeath + "\n");
  const std::string cri = plain("2026-04-21T23:18:20.1Z stderr P " + kRefused.substr(0, 70) +
                                "\n2026-04-21T23:18:20.1Z stderr P " + kRefused.substr(70, 20) +
                                "\n2026-04-21T23:18:20.1Z stderr F " + kRefused.substr(90) + "\n");
  CHECK(cri == "\n\n2026-04-21T23:18:20.1Z stderr F " + kRefused + "\n");
}

TEST_CASE("a part without its rest is told at the end") {
  CHECK(plain("2026-04-21T23:18:20.1Z stderr P 2026/04/21") ==
        "2026-04-21T23:18:20.1Z stderr F 2026/04/21\n");
}

TEST_CASE("the journal's entries become lines that name their writer") {
  const std::string head =
      "__CURSOR=s=b;i=5\n__REALTIME_TIMESTAMP=1776813500123456\n_HOSTNAME=web1\n_PID=812\n"
      "SYSLOG_IDENTIFIER=nginx\n";
  CHECK(plain(head + "MESSAGE=" + kDeath + "\n\n" + head + "MESSAGE\n" +
              std::string("\5\0\0\0\0\0\0\0", 8) + "a\nb\xff\n\n\n") ==
        "2026-04-21T23:18:20.123456+00:00 web1 nginx[812]: " + kDeath +
            "\n2026-04-21T23:18:20.123456+00:00 web1 nginx[812]: a\n"
            "2026-04-21T23:18:20.123456+00:00 web1 nginx[812]: b\xff\n");
  CHECK(
      plain(
          R"({"__REALTIME_TIMESTAMP":"1776813500123456","_COMM":"systemd","_PID":"1","MESSAGE":"Reloaded nginx.service"})") ==
      "2026-04-21T23:18:20.123456+00:00 systemd[1]: Reloaded nginx.service\n");
}

TEST_CASE("the frames' clock is set after nginx's own lines, from the first line on") {
  // UTC+2: 21:18:20Z is 23:18:20 for nginx.
  const std::string out =
      plain(docker("nginx: [emerg] bind() failed\n", "stderr", "2026-04-21T21:18:19Z") +
            docker(kDeath + "\n", "stderr", "2026-04-21T21:18:20.7Z"));
  CHECK(out.starts_with("2026-04-21T23:18:19Z stderr F nginx: [emerg]"));
  // Old lines that are read late say nothing about the zone.
  CHECK(plain(docker(kDeath + "\n", "stderr", "2026-04-24T20:03:11Z"))
            .starts_with("2026-04-24T20:03:11Z"));
}

TEST_CASE("anything else passes unchanged") {
  for (const std::string& text : {std::string(), kDeath + "\r\n" + kRefused, std::string("\n\n"),
                                  std::string("{ not json\n"), std::string("server { }\n"),
                                  std::string("\x7f"
                                              "ELF\0\0",
                                              6),
                                  std::string(20000, 'x')})
    CHECK(plain(text) == text);
}

TEST_CASE("marks and holes before the first line are left out") {
  CHECK(plain("\xef\xbb\xbf" + kDeath + "\n") == kDeath + "\n");
  CHECK(plain(std::string(100000, '\0') + kDeath + "\n") == kDeath + "\n");
  CHECK(plain(std::string(100, '\0') + "tar") == std::string(100, '\0') + "tar");
  std::string wide = "\xff\xfe";
  for (const char c : kDeath + "\n") (wide += c) += '\0';
  CHECK(plain(wide) == kDeath + "\n");
}

TEST_CASE("lines without end are cut, and still noticed to be too long") {
  std::string endless = docker(kDeath + "\n");
  for (int i = 0; i < 40; ++i) endless += docker(std::string(16000, 'a'));
  const std::string out = plain(endless);
  const size_t last = out.rfind("stderr F ");
  CHECK(out.size() - last - 10 == base::kMaxLineBytes + 1);
  const std::string raw = plain(docker(kDeath + "\n") + "{\"log\":\"" + std::string(2000000, 'b'));
  CHECK(raw.size() < 8 * base::kMaxLineBytes);
}
