#include "libdiag/analyze/tls_settings.h"

#include <algorithm>

#include "libdiag/analyze/served_targets.h"
#include "libdiag/base/text.h"
#include "libdiag/parse/nginx_config_listen.h"
#include "libdiag/parse/nginx_config_query.h"

namespace ngxdiag::analyze {
namespace {

using model::SourceRef;
using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"tls.servers", Unit::kCount, "server blocks that shake hands with clients"},
    {"tls.broken_protocols", Unit::kNone, "ssl_protocols that allow SSLv2 or SSLv3"},
    {"tls.old_protocols", Unit::kNone, "ssl_protocols that allow TLS 1.0 or 1.1"},
    {"tls.weak_ciphers", Unit::kNone, "ciphers in ssl_ciphers that protect nothing any more"},
    {"tls.stapling_without_resolver", Unit::kNone,
     "servers with ssl_stapling that have no resolver to find the responder with"},
    {"tls.stapling_without_responder", Unit::kNone,
     "certificates of servers with ssl_stapling that name no OCSP responder"},
    {"tls.no_resumption", Unit::kNone,
     "servers where every connection is a full handshake: neither tickets nor a shared cache"},
    {"tls.http2_plain", Unit::kNone, "listens with http2 and without ssl"},
};

// A list of words, each once, with where they stand.
struct Found {
  std::vector<std::string> says;
  std::vector<SourceRef> refs;
  void add(std::string text, const SourceRef& ref) {
    if (std::find(says.begin(), says.end(), text) != says.end()) return;
    says.push_back(base::shorten(text, model::kExcerptBytes));
    refs.push_back(ref);
  }
};

// The words of an OpenSSL cipher list that switch weak ciphers on. A word with ! removes them for
// good, with - for now; with + it only moves them (ciphers(1)).
std::vector<std::string> weak_ciphers(std::string_view list) {
  static constexpr std::string_view kWeak[] = {"RC4", "3DES", "DES",   "NULL",  "EXPORT", "EXP",
                                               "MD5", "RC2",  "aNULL", "eNULL", "ADH",    "AECDH",
                                               "LOW", "IDEA", "SEED",  "CBC3"};
  std::vector<std::string> out;
  std::vector<std::string> removed;
  std::string text(list);
  for (char& c : text)
    if (c == ',' || c == ' ') c = ':';
  for (const std::string_view word : base::split(text, ':'))
    if (word.size() > 1 && word[0] == '!') removed.emplace_back(word.substr(1));
  for (const std::string_view word : base::split(text, ':')) {
    if (word.empty() || word[0] == '!' || word[0] == '-' || word[0] == '+') continue;
    bool weak = false, gone = false;
    std::string parts(word);
    for (char& c : parts)
      if (c == '+' || c == '-' || c == '_') c = ' ';
    for (const std::string_view part : base::words(parts)) {
      weak = weak || std::find(std::begin(kWeak), std::end(kWeak), part) != std::end(kWeak);
      gone = gone || std::find(removed.begin(), removed.end(), part) != removed.end();
    }
    gone = gone || (base::contains(word, "CBC3") &&
                    std::find(removed.begin(), removed.end(), "3DES") != removed.end());
    if (weak && !gone) out.emplace_back(word);
  }
  return out;
}

class Settings {
 public:
  Settings(const Digest& digest, model::FactSink& facts) : digest_(digest), facts_(facts) {}

  void run() {
    for (const ConfigPiece& piece : digest_.configs) {
      for (const parse::Placed& server : parse::find_all(piece.config, "server"))
        if (server.directive->block && presents_tls(piece.config, server)) examine(piece, server);
      plain_http2(piece);
    }
    if (servers_ == 0 && http2_plain_.says.empty()) return;
    facts_.put("tls.servers", servers_, looked_);
    put("tls.broken_protocols", broken_protocols_);
    put("tls.old_protocols", old_protocols_);
    put("tls.weak_ciphers", weak_ciphers_);
    put("tls.stapling_without_resolver", no_resolver_);
    put("tls.stapling_without_responder", no_responder_);
    put("tls.no_resumption", no_resumption_);
    put("tls.http2_plain", http2_plain_);
  }

 private:
  void put(std::string_view name, const Found& found) {
    facts_.put(name, found.says, found.refs.empty() ? std::vector{looked_} : found.refs);
  }

  static SourceRef ref_of(const ConfigPiece& piece, const parse::Directive& directive) {
    SourceRef out{"config", directive.file.empty() ? piece.ref.path : directive.file,
                  directive.line};
    out.excerpt = directive.name;
    for (const parse::ConfigArg& arg : directive.args) out.excerpt += " " + arg.value;
    out.excerpt = base::shorten(out.excerpt, model::kExcerptBytes);
    return out;
  }

  void examine(const ConfigPiece& piece, const parse::Placed& server) {
    parse::BlockPath path = server.path;
    path.push_back(server.directive);
    const auto setting = [&](std::string_view name) {
      return parse::effective(piece.config, path, name);
    };
    const auto is = [&](std::string_view name, std::string_view value) {
      const parse::Directive* found = setting(name);
      return found && found->arg() == value;
    };
    ++servers_;
    const SourceRef here = ref_of(piece, *server.directive);
    if (looked_.path.empty()) looked_ = here;
    if (const parse::Directive* protocols = setting("ssl_protocols")) {
      for (const parse::ConfigArg& arg : protocols->args) {
        if (arg.value == "SSLv2" || arg.value == "SSLv3")
          broken_protocols_.add(arg.value, ref_of(piece, *protocols));
        if (arg.value == "TLSv1" || arg.value == "TLSv1.1")
          old_protocols_.add(arg.value, ref_of(piece, *protocols));
      }
    }
    if (const parse::Directive* ciphers = setting("ssl_ciphers"))
      for (const std::string& word : weak_ciphers(ciphers->arg()))
        weak_ciphers_.add(word, ref_of(piece, *ciphers));
    const std::string name = label(*server.directive);
    if (is("ssl_stapling", "on")) stapling(piece, path, name, *setting("ssl_stapling"));
    if (is("ssl_session_tickets", "off")) {
      const parse::Directive* cache = setting("ssl_session_cache");
      const bool shared =
          cache && std::any_of(cache->args.begin(), cache->args.end(), [](const auto& arg) {
            return arg.value.starts_with("shared:") || arg.value.starts_with("builtin");
          });
      if (!shared) no_resumption_.add(name, ref_of(piece, *setting("ssl_session_tickets")));
    }
  }

  static std::string label(const parse::Directive& server) {
    for (const parse::Directive* name : parse::children_of(server, "server_name"))
      if (!name->arg().empty() && name->arg() != "_") return std::string(name->arg());
    return "the server of line " + std::to_string(server.line);
  }

  void stapling(const ConfigPiece& piece, const parse::BlockPath& path, const std::string& name,
                const parse::Directive& on) {
    if (parse::effective(piece.config, path, "ssl_stapling_file")) return;
    const bool responder =
        parse::effective(piece.config, path, "ssl_stapling_responder") != nullptr;
    bool asks = false;
    for (const parse::Directive* file : parse::effective_all(piece.config, path, "ssl_certificate"))
      for (const NamedCertificate& one : digest_.certificates.certificates) {
        if (one.file.written != file->arg() || one.bundle.certificates.empty()) continue;
        const parse::Certificate& leaf = one.bundle.certificates.front();
        if (leaf.fingerprint.empty()) continue;  // only its text was shown
        if (leaf.names_responder || responder)
          asks = true;
        else
          no_responder_.add(one.file.path, ref_of(piece, *file));
      }
    // Without the certificate it is not known whether there is anybody to ask.
    if (asks && !parse::effective(piece.config, path, "resolver"))
      no_resolver_.add(name, ref_of(piece, on));
  }

  void plain_http2(const ConfigPiece& piece) {
    std::vector<std::pair<std::string, int>> tls;
    const auto all = parse::listens(piece.config);
    for (const parse::Listen& listen : all)
      if (listen.ssl) tls.emplace_back(listen.address, listen.port);
    for (const parse::Listen& listen : all) {
      const std::pair key{listen.address, listen.port};
      if (!listen.http2 || listen.ssl || listen.quic || !listen.where ||
          !listen.unix_path.empty() || std::find(tls.begin(), tls.end(), key) != tls.end())
        continue;
      const SourceRef at = ref_of(piece, *listen.where);
      if (looked_.path.empty()) looked_ = at;
      http2_plain_.add(listen.address + ":" + std::to_string(listen.port), at);
    }
  }

  const Digest& digest_;
  model::FactSink& facts_;
  Found broken_protocols_, old_protocols_, weak_ciphers_, no_resolver_, no_responder_,
      no_resumption_, http2_plain_;
  int64_t servers_ = 0;
  SourceRef looked_;
};

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  Settings(in.digest, facts).run();
}

}  // namespace

const Analyzer kTlsSettings = {"tls_settings",
                               "Do the settings of TLS and HTTP/2 do what they are there for?",
                               kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::analyze
