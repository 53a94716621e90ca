#include "libdiag/source/tls_probe.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <memory>
#include <tuple>

namespace ngxdiag::source {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kOne = 300ms, kAll = 2000ms;
constexpr size_t kMostHandshakes = 64;
constexpr int kSilences = 2;

struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslPtr = std::unique_ptr<SSL, SslFree>;
using ContextPtr = std::unique_ptr<SSL_CTX, SslFree>;

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

// "127.0.0.1", "[::1]" or "::1".
Address address_of(std::string text, int port) {
  Address out;
  if (text.size() > 2 && text.front() == '[' && text.back() == ']')
    text = text.substr(1, text.size() - 2);
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  const auto number = htons(static_cast<uint16_t>(port));
  if (::inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = number;
    std::memcpy(&out.storage, &v4, sizeof v4);
    out.size = sizeof v4;
  } else if (::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = number;
    std::memcpy(&out.storage, &v6, sizeof v6);
    out.size = sizeof v6;
  }
  return out;
}

bool same_host(const Address& a, const sockaddr* b) {
  if (!b || a.storage.ss_family != b->sa_family) return false;
  if (b->sa_family == AF_INET) {
    sockaddr_in x{}, y{};
    std::memcpy(&x, &a.storage, sizeof x);
    std::memcpy(&y, b, sizeof y);
    return x.sin_addr.s_addr == y.sin_addr.s_addr;
  }
  if (b->sa_family != AF_INET6) return false;
  sockaddr_in6 x{}, y{};
  std::memcpy(&x, &a.storage, sizeof x);
  std::memcpy(&y, b, sizeof y);
  return std::memcmp(&x.sin6_addr, &y.sin6_addr, sizeof x.sin6_addr) == 0;
}

bool is_loopback(const Address& address) {
  if (address.storage.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address.storage, sizeof v4);
    return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address.storage, sizeof v6);
  return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

// Waits until the socket is ready for `events`; false when the time is up.
bool ready(int fd, short events, Clock::time_point end) {
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0) return false;
    pollfd wait{fd, events, 0};
    const int got = ::poll(&wait, 1, static_cast<int>(left));
    if (got > 0) return true;
    if (got == 0 || errno != EINTR) return false;
  }
}

ContextPtr make_context() {
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  ContextPtr context(SSL_CTX_new(TLS_client_method()));
  if (!context) return context;
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_security_level(context.get(), 0);  // a weak certificate is to be seen as well
  SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
  SSL_CTX_set_quiet_shutdown(context.get(), 0);
  return context;
}

// Connects and shakes hands. `silent`: nobody answered in time.
Fetched shake(SSL_CTX* context, const TlsTarget& target, Clock::time_point end, bool& silent) {
  Fetched out;
  const auto failed = [&](std::string why) {
    out.gap.why = std::move(why);
    return out;
  };
  const Address address = address_of(target.address, target.port);
  const int raw =
      ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (raw < 0) return failed(std::strerror(errno));
  struct Closer {
    int fd;
    ~Closer() { ::close(fd); }
  } const closer{raw};
  if (::connect(raw, reinterpret_cast<const sockaddr*>(&address.storage), address.size) != 0) {
    if (errno != EINPROGRESS && errno != EAGAIN) return failed(std::strerror(errno));
    int error = 0;
    socklen_t size = sizeof error;
    if (!ready(raw, POLLOUT, end)) {
      silent = true;
      return failed("no answer in time");
    }
    ::getsockopt(raw, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return failed(std::strerror(error));
  }
  const SslPtr ssl(SSL_new(context));
  if (!ssl || SSL_set_fd(ssl.get(), raw) != 1) return failed("no memory for a handshake");
  if (!target.name.empty()) SSL_set_tlsext_host_name(ssl.get(), target.name.c_str());
  for (;;) {
    ERR_clear_error();
    const int done = SSL_connect(ssl.get());
    if (done == 1) break;
    const int error = SSL_get_error(ssl.get(), done);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
      const char* reason = ERR_reason_error_string(ERR_peek_error());
      return failed(std::string("the handshake failed: ") + (reason ? reason : "closed"));
    }
    if (!ready(raw, error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, end)) {
      silent = true;
      return failed("no answer in time");
    }
  }
  if (X509* leaf = SSL_get0_peer_certificate(ssl.get())) {
    unsigned char* encoded = nullptr;
    const int size = i2d_X509(leaf, &encoded);
    if (size > 0)
      out.bytes.emplace(reinterpret_cast<const char*>(encoded), static_cast<size_t>(size));
    OPENSSL_free(encoded);
  }
  SSL_shutdown(ssl.get());
  if (!out.bytes) return failed("no certificate was shown");
  return out;
}

std::string shown(const TlsTarget& target) {
  return "certificate served at " + target.address + ":" + std::to_string(target.port) +
         (target.name.empty() ? "" : " for " + target.name);
}

}  // namespace

bool is_local_address(const std::string& text) {
  const Address address = address_of(text, 0);
  if (address.size == 0) return false;
  if (is_loopback(address)) return true;
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return false;
  bool found = false;
  for (const ifaddrs* one = all; one && !found; one = one->ifa_next)
    found = same_host(address, one->ifa_addr);
  ::freeifaddrs(all);
  return found;
}

std::vector<Fetched> probe_tls(const std::vector<TlsTarget>& targets) {
  std::vector<Fetched> out;
  const ContextPtr context = make_context();
  const Clock::time_point end = Clock::now() + kAll;
  std::map<std::tuple<std::string, int, std::string>, size_t> asked;
  std::map<std::pair<std::string, int>, int> silences;
  for (const TlsTarget& target : targets) {
    const auto known = asked.find({target.address, target.port, target.name});
    if (known != asked.end()) {
      Fetched copy = out[known->second];
      out.push_back(std::move(copy));
      continue;
    }
    Fetched result;
    int& silent = silences[{target.address, target.port}];
    if (!context || target.port <= 0 || target.port > 65535 || !is_local_address(target.address)) {
      result.gap.why = "is no address of this host";
    } else if (asked.size() >= kMostHandshakes) {
      result.gap.why = "enough handshakes were made";
    } else if (Clock::now() >= end) {
      result.gap.why = "the time for handshakes is used up";
    } else if (silent >= kSilences) {
      result.gap.why = "the socket does not answer";
    } else {
      asked.emplace(std::tuple(target.address, target.port, target.name), out.size());
      bool no_answer = false;
      result = shake(context.get(), target, std::min(end, Clock::now() + kOne), no_answer);
      if (no_answer) ++silent;
    }
    result.gap.what = result.bytes ? "" : shown(target);
    out.push_back(std::move(result));
  }
  ERR_clear_error();
  return out;
}

}  // namespace ngxdiag::source
