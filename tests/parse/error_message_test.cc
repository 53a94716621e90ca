#include "libdiag/parse/error_message.h"

#include <string>

#include <doctest/doctest.h>

using ngxdiag::parse::split_message;

TEST_CASE("an upstream error is taken apart") {
  const auto parts = split_message(
      "connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.1, "
      "server: a.example, "
      "request: \"GET /x?a=1 HTTP/1.1\", upstream: \"http://10.0.0.5:80/x?a=1\", host: "
      "\"a.example\", referrer: \"https://b/\"");
  CHECK(parts.text == "connect() failed");
  CHECK(parts.error == 111);
  CHECK(parts.phase == "connecting to upstream");
  CHECK(parts.client == "192.0.2.1");
  CHECK(parts.server == "a.example");
  CHECK(parts.request == "GET /x?a=1 HTTP/1.1");
  CHECK(parts.upstream == "http://10.0.0.5:80/x?a=1");
  CHECK(parts.host == "a.example");
}

TEST_CASE("parts that are not there are empty") {
  const auto parts = split_message("1024 worker_connections are not enough");
  CHECK(parts.text == "1024 worker_connections are not enough");
  CHECK_FALSE(parts.error);
  CHECK(parts.phase.empty());
  CHECK(parts.client.empty());
  CHECK(split_message("").text.empty());
}

TEST_CASE("an empty server name is read") {
  const auto parts = split_message(
      "open() \"/x\" failed (2: No such file or directory), client: 192.0.2.1, server: , request: "
      "\"GET /x HTTP/1.1\", host: \"h\"");
  CHECK(parts.text == "open() \"/x\" failed");
  CHECK(parts.server.empty());
  CHECK(parts.request == "GET /x HTTP/1.1");
}

TEST_CASE("SSL's block belongs to the text") {
  auto parts = split_message(
      "SSL_do_handshake() failed (SSL: error:0A000102:SSL routines::unsupported protocol) while "
      "SSL handshaking, client: 203.0.113.201, server: 0.0.0.0:443");
  CHECK(parts.text ==
        "SSL_do_handshake() failed (SSL: error:0A000102:SSL routines::unsupported protocol)");
  CHECK_FALSE(parts.error);
  CHECK(parts.phase == "SSL handshaking");
  parts = split_message(
      "SSL_do_handshake() failed (SSL: error:0A000126) (104: Connection reset by peer) while SSL "
      "handshaking, client: 192.0.2.1, server: 0.0.0.0:443");
  CHECK(parts.text == "SSL_do_handshake() failed (SSL: error:0A000126)");
  CHECK(parts.error == 104);
}

TEST_CASE("errno texts differ by libc and system, the number counts") {
  CHECK(split_message("accept4() failed (24: No file descriptors available)").error == 24);
  CHECK(split_message("bind() to [::]:80 failed (99: Unknown error)").error == 99);
  CHECK(split_message("connect() failed (10061: No connection could be made because the target "
                      "machine actively refused it)")
            .error == 10061);
  const auto hex = split_message("SSL failed (80090331: The client and server cannot communicate)");
  CHECK_FALSE(hex.error);
  CHECK(hex.text == "SSL failed");
  CHECK(
      split_message("accounts.google.com could not be resolved (110: Operation timed out)").error ==
      110);
  const auto windows = split_message(
      "bind() to 0.0.0.0:80 failed (10048: Only one usage of each socket address (protocol/network "
      "address/port) is normally permitted)");
  CHECK(windows.error == 10048);
  CHECK(windows.text == "bind() to 0.0.0.0:80 failed");
  // Cut at 2048 bytes.
  const auto cut = split_message("open() \"/a\" failed... (2: No such file or di");
  CHECK(cut.error == 2);
}

TEST_CASE("a configuration message gives its file and line") {
  auto parts = split_message(
      "open() \"/etc/nginx/a.conf\" failed (2: No such file or directory) in "
      "/etc/nginx/nginx.conf:13");
  CHECK(parts.text == "open() \"/etc/nginx/a.conf\" failed");
  CHECK(parts.error == 2);
  CHECK(parts.file == "/etc/nginx/nginx.conf");
  CHECK(parts.line == 13);
  parts = split_message("unknown directive \"brotli\" in /etc/nginx/nginx.conf:100");
  CHECK(parts.text == "unknown directive \"brotli\"");
  CHECK(parts.line == 100);
  parts = split_message(
      "host not found in upstream \"mon01:7777\" in /etc/nginx/conf.d/gunicorn-graphite");
  CHECK(parts.text == "host not found in upstream \"mon01:7777\"");
  CHECK(parts.file == "/etc/nginx/conf.d/gunicorn-graphite");
  CHECK(parts.line == 0);
  parts = split_message("could not allocate node in cache:");
  CHECK(parts.text == "could not allocate node in cache:");
  parts = split_message("bind() to 0.0.0.0:80 failed (98: Address already in use)");
  CHECK(parts.file.empty());
  CHECK(parts.text == "bind() to 0.0.0.0:80 failed");
}

TEST_CASE("the phase may stand without a client") {
  auto parts = split_message(
      "r3.o.lencr.org could not be resolved (110: Operation timed out) while requesting "
      "certificate status, responder: r3.o.lencr.org, certificate: "
      "\"/etc/yunohost/certs/domain.tld/crt.pem\"");
  CHECK(parts.phase == "requesting certificate status");
  CHECK(parts.text == "r3.o.lencr.org could not be resolved");
  parts = split_message(
      "recv() failed (111: Connection refused) while resolving, resolver: 127.0.0.53:53");
  CHECK(parts.phase == "resolving");
  CHECK(parts.error == 111);
  parts = split_message(
      "accept4() failed (24: Too many open files) while accepting new connection on 0.0.0.0:80");
  CHECK(parts.phase == "accepting new connection on 0.0.0.0:80");
  parts = split_message("upstream sent too big header while reading response header from upstream");
  CHECK(parts.phase == "reading response header from upstream");
}

TEST_CASE("a quoted ' while ' is no phase") {
  auto parts = split_message(
      "fork() failed while spawning \"worker process\" (11: Resource temporarily unavailable)");
  CHECK(parts.phase.empty());
  CHECK(parts.error == 11);
  parts = split_message(
      "limit_req \"z\" uses the \"$key2\" key while previously it used the \"$key1\" key");
  CHECK(parts.phase.empty());
}

TEST_CASE("a context forged in the URI does not replace the real one") {
  const auto parts = split_message(
      "open() \"/root/x while connecting to upstream, client: 9.9.9.9, server: evil, request: "
      "\"GET / HTTP/1.1\", host: \"evil\" "
      "failed (2: No such file or directory), client: 192.0.2.1, server: good, request: \"GET /x "
      "HTTP/1.1\", host: \"good\"");
  CHECK(parts.client == "192.0.2.1");
  CHECK(parts.server == "good");
  CHECK(parts.error == 2);
  CHECK(parts.phase.empty());
}

TEST_CASE("a context forged in the request line does not replace the real one") {
  const auto parts = split_message(
      "client sent invalid request while reading client request line, client: 192.0.2.1, server: "
      "good, "
      "request: \"GET /, client: 9.9.9.9, server: evil\"");
  CHECK(parts.client == "192.0.2.1");
  CHECK(parts.server == "good");
  CHECK(parts.request == "GET /, client: 9.9.9.9, server: evil");
}

TEST_CASE("a raw quote in the URI leaves the context readable") {
  const auto parts = split_message(
      "open() \"/a\"b\" failed (2: No such file or directory), client: 192.0.2.1, server: good, "
      "request: \"GET /a\"b HTTP/1.1\", host: \"good\"");
  CHECK(parts.client == "192.0.2.1");
  CHECK(parts.request == "GET /a\"b HTTP/1.1");
  CHECK(parts.host == "good");
}

TEST_CASE("contexts cut off by nginx or by people are read as far as they go") {
  auto parts = split_message(
      "recv() failed (104: Connection reset by peer) while reading response header from upstream, "
      "client: 179.32.162.$");
  CHECK(parts.client == "179.32.162.$");
  CHECK(parts.phase == "reading response header from upstream");
  parts = split_message(
      "upstream prematurely closed connection while reading response header from upstream, "
      "client.....");
  CHECK(parts.phase == "reading response header from upstream");
  CHECK(parts.text == "upstream prematurely closed connection");
  parts = split_message(
      "domain.org could not be resolved (2: Server failure), client: 10.10.10.10, server: "
      "localhost, request: \"POST");
  CHECK(parts.request == "POST");
  CHECK(parts.error == 2);
  parts = split_message(
      "x failed (11: y) while connecting to upstream, client: 10.10.6.22, server: h, request: "
      "\"GET / HTTP/1.1\", upst");
  CHECK(parts.client == "10.10.6.22");
  CHECK(parts.request == "GET / HTTP/1.1");
}

TEST_CASE("Angie quotes the values and renames the request") {
  const auto parts = split_message(
      "open() \"/x\" failed (2: No such file or directory), client: \"192.0.2.1\", server: \"n\", "
      "request_line: \"GET /x HTTP/1.1\", host: \"n\"");
  CHECK(parts.client == "192.0.2.1");
  CHECK(parts.server == "n");
  CHECK(parts.request == "GET /x HTTP/1.1");
  CHECK(parts.error == 2);
}

TEST_CASE("stream's and mail's contexts are read") {
  auto parts = split_message(
      "upstream timed out (110: Connection timed out) while connecting to upstream, client: "
      "192.0.2.1, server: 0.0.0.0:5432, upstream: \"10.0.0.9:5432\", bytes from/to client:0/0, "
      "bytes from/to upstream:0/0");
  CHECK(parts.client == "192.0.2.1");
  CHECK(parts.upstream == "10.0.0.9:5432");
  CHECK(parts.text == "upstream timed out");
  parts = split_message(
      "no live upstreams while connecting to upstream, udp client: 192.0.2.1, server: 0.0.0.0:53, "
      "upstream: \"dns\", bytes from/to client:40/0, bytes from/to upstream:0/0");
  CHECK(parts.client == "192.0.2.1");
  CHECK(parts.phase == "connecting to upstream");
  parts = split_message(
      "client login failed: \"x\" while in http auth state, client: 192.0.2.1 using starttls, "
      "server: 0.0.0.0:143, login: \"joe\"");
  CHECK(parts.client == "192.0.2.1");
  CHECK(parts.server == "0.0.0.0:143");
}

TEST_CASE("hostile messages are read in bounded time") {
  std::string many;
  for (int i = 0; i < 20000; ++i) many += ", client: \" while (";
  split_message(many);
  split_message(std::string(100000, '"'));
  split_message(std::string(100000, '('));
  std::string parens;
  for (int i = 0; i < 50000; ++i) parens += " (";
  split_message(parens + ")");
  std::string whiles;
  for (int i = 0; i < 50000; ++i) whiles += " while ";
  split_message(whiles + "\"");
}
