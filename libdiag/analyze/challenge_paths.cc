#include "libdiag/analyze/challenge_paths.h"

#include <algorithm>

#include "libdiag/base/error.h"
#include "libdiag/base/regex.h"
#include "libdiag/base/text.h"
#include "libdiag/parse/nginx_config_listen.h"
#include "libdiag/parse/nginx_config_query.h"

namespace ngxdiag::analyze {
namespace {

using model::SourceRef;
using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"challenge.checked", Unit::kCount,
     "names whose challenges were followed to a directory or a backend"},
    {"challenge.wrong_root", Unit::kNone,
     "names for which nginx looks for challenges elsewhere than the client writes them"},
    {"challenge.proxied", Unit::kNone,
     "names for which nginx passes challenges on, though the client writes files"},
    {"challenge.denied", Unit::kNone, "names for which nginx refuses challenges by itself"},
};

constexpr std::string_view kDirectory = "/.well-known/acme-challenge";
constexpr std::string_view kUri = "/.well-known/acme-challenge/token";

// A name that is renewed, and the directory its challenge files are put into.
struct Wanted {
  std::string name, client, directory;
  SourceRef ref;
};

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

SourceRef ref_at(const AcmeFile& file, int line) {
  SourceRef out = file.ref;
  if (out.line > 0) out.line += line - 1;
  return out;
}

std::vector<Wanted> wanted_of(const Digest& digest) {
  std::vector<Wanted> out;
  std::string well_known;
  for (const AcmeFile& file : digest.acme_files) {
    const parse::AcmeSettings& settings = file.settings;
    const parse::AcmeSetting* authenticator = settings.find("authenticator");
    if (settings.client == "certbot" && authenticator && authenticator->value == "webroot")
      for (const parse::AcmeSetting& one : settings.settings)
        if (one.section == "webroot_map" && one.value.starts_with('/'))
          out.push_back({one.key, "certbot", without_slash(one.value) + std::string(kDirectory),
                         ref_at(file, one.line)});
    if (const parse::AcmeSetting* name = settings.find("Le_Domain"))
      if (const parse::AcmeSetting* root = settings.find("Le_Webroot");
          root && root->value.starts_with('/'))
        out.push_back({name->value, "acme.sh", without_slash(root->value) + std::string(kDirectory),
                       ref_at(file, root->line)});
    if (const parse::AcmeSetting* place = settings.find("WELLKNOWN"))
      well_known = without_slash(place->value);
  }
  if (well_known.starts_with('/'))
    for (const AcmeFile& file : digest.acme_files)
      if (file.settings.client == "dehydrated")
        for (const std::string& name : file.names)
          out.push_back({name, "dehydrated", well_known, file.ref});
  return out;
}

struct Server {
  const parse::Directive* block = nullptr;
  parse::BlockPath path;
  bool is_default = false;
};

// The servers on port 80, in the order of the configuration.
std::vector<Server> servers_of(const parse::Config& config) {
  std::vector<Server> out;
  for (const parse::Placed& placed : parse::find_all(config, "server")) {
    if (!placed.directive->block || placed.protocol() != "http") continue;
    for (const parse::Listen& listen : parse::listens(config))
      if (listen.server == placed.directive && listen.port == 80 && !listen.ssl && !listen.quic) {
        Server server{placed.directive, placed.path, listen.default_server};
        server.path.push_back(placed.directive);
        out.push_back(std::move(server));
        break;
      }
  }
  return out;
}

// How well a server_name fits: 3 exact, 2 *.x or .x, 1 x.*; 0 not, -1 a regular expression, which
// may.
int fits(std::string_view pattern, std::string_view name) {
  if (pattern.starts_with('~')) return -1;
  if (pattern == name) return 3;
  if (pattern.starts_with("*.") && name.ends_with(pattern.substr(1))) return 2;
  if (pattern.starts_with('.') && (name.ends_with(pattern) || name == pattern.substr(1))) return 2;
  if (pattern.ends_with(".*") && name.starts_with(pattern.substr(0, pattern.size() - 1))) return 1;
  return 0;
}

// The server that answers; null when a regular expression may take the name, or nobody does.
const Server* server_for(const std::vector<Server>& servers, std::string_view name) {
  const Server* best = nullptr;
  int most = 0;
  for (const Server& server : servers)
    for (const parse::Directive* names : parse::children_of(*server.block, "server_name"))
      for (const parse::ConfigArg& arg : names->args) {
        const int fit = fits(base::lower(arg.value), name);
        if (fit < 0) return nullptr;
        if (fit > most) {
          most = fit;
          best = &server;
        }
      }
  if (best || servers.empty()) return best;
  for (const Server& server : servers)
    if (server.is_default) return &server;
  return &servers.front();
}

bool has(const parse::Directive& block, std::string_view name) {
  return !parse::children_of(block, name).empty();
}

// Anything that may send the request elsewhere before or after the location is chosen.
bool is_unclear(const parse::Directive& block) {
  for (const char* name : {"if", "rewrite", "return", "rewrite_by_lua_block", "rewrite_by_lua_file",
                           "access_by_lua_block", "auth_request"})
    if (has(block, name)) return true;
  return false;
}

// Empty for an expression that does not compile.
std::optional<bool> matches(std::string_view expression, bool ignore_case) {
  try {
    return base::Regex(expression, ignore_case).search(kUri);
  } catch (const base::UserError&) {
    return std::nullopt;
  }
}

struct Location {
  const parse::Directive* block = nullptr;
  bool unclear = false;
};

// ngx_http_core_find_location: =, then the longest prefix, then regular expressions in their order
// unless that prefix has ^~.
Location location_for(const parse::Directive& server) {
  Location out;
  size_t longest = 0;
  bool exclusive = false;
  const auto locations = parse::children_of(server, "location");
  for (const parse::Directive* one : locations) {
    const bool marked = one->args.size() > 1;
    const std::string_view mark = marked ? one->arg(0) : std::string_view();
    const std::string_view uri = marked ? one->arg(1) : one->arg(0);
    if (mark == "=" || mark == "~" || mark == "~*" || uri.starts_with('@')) continue;
    if (!marked && (uri.starts_with('~') || uri.starts_with('^') || uri.starts_with('='))) {
      out.unclear = true;  // written without a blank: rare, and not worth a guess
      continue;
    }
    if (!kUri.starts_with(uri) || uri.size() < longest) continue;
    longest = uri.size();
    exclusive = mark == "^~";
    out.block = one;
  }
  if (exclusive) return out;
  for (const parse::Directive* one : locations) {
    const std::string_view mark = one->args.size() > 1 ? one->arg(0) : std::string_view();
    if (mark != "~" && mark != "~*") continue;
    const std::optional<bool> taken = matches(one->arg(1), mark == "~*");
    if (!taken) out.unclear = true;
    if (!taken.value_or(false)) continue;
    out.block = one;
    break;
  }
  return out;
}

struct Found {
  std::vector<std::string> says;
  std::vector<SourceRef> refs;
  void add(std::string text, const SourceRef& ref) {
    says.push_back(base::shorten(text, model::kExcerptBytes));
    refs.push_back(ref);
  }
};

class Paths {
 public:
  Paths(const AnalyzerInput& in, model::FactSink& facts) : in_(in), facts_(facts) {}

  void run() {
    const std::vector<Wanted> wanted = wanted_of(in_.digest);
    for (const ConfigPiece& piece : in_.digest.configs) {
      // Of a text alone the includes stay unread, and may hold the location that matters.
      const bool whole = in_.evidence.live || in_.instance.has_tree ||
                         piece.config.files.size() > 1 ||
                         !parse::find_first(piece.config, "include");
      if (wanted.empty() || !piece.config.complete || !whole) continue;
      const std::vector<Server> servers = servers_of(piece.config);
      for (const Wanted& one : wanted) {
        const Server* server = server_for(servers, base::lower(one.name));
        if (server) follow(piece, *server, one);
      }
    }
    if (checked_ == 0) return;
    const std::vector<SourceRef> looked{wanted.front().ref};
    facts_.put("challenge.checked", checked_, looked);
    const auto put = [&](std::string_view name, const Found& found) {
      facts_.put(name, found.says, found.refs.empty() ? looked : found.refs);
    };
    put("challenge.wrong_root", wrong_root_);
    put("challenge.proxied", proxied_);
    put("challenge.denied", denied_);
  }

 private:
  static SourceRef ref_of(const ConfigPiece& piece, const parse::Directive& directive) {
    SourceRef out{"config", directive.file.empty() ? piece.ref.path : directive.file,
                  directive.line};
    out.excerpt =
        base::shorten(directive.name + " " + std::string(directive.arg()), model::kExcerptBytes);
    return out;
  }

  // A link may lead from one of two directories to the other.
  bool may_be_a_link(const std::string& path) const {
    if (!in_.instance.files) return false;
    for (size_t at = path.size(); at != std::string::npos && at > 0; at = path.rfind('/', at - 1))
      if (in_.instance.files->info(path.substr(0, at)).symlink) return true;
    return false;
  }

  void follow(const ConfigPiece& piece, const Server& server, const Wanted& one) {
    if (is_unclear(*server.block)) return;  // a redirect to https is followed by CAs
    const Location location = location_for(*server.block);
    if (location.unclear) return;
    parse::BlockPath path = server.path;
    const parse::Directive* inner = server.block;
    if (location.block) {
      inner = location.block;
      path.push_back(inner);
      if (is_unclear(*inner) || has(*inner, "location")) return;
    }
    for (const char* pass : {"proxy_pass", "fastcgi_pass", "uwsgi_pass", "grpc_pass"})
      if (const auto passes = parse::children_of(*inner, pass); !passes.empty()) {
        ++checked_;
        proxied_.add(one.name + ": " + pass + " " + std::string(passes.front()->arg()),
                     ref_of(piece, *passes.front()));
        return;
      }
    for (const parse::Directive* deny : parse::children_of(*inner, "deny"))
      if (deny->arg() == "all" && !has(*inner, "allow")) {
        ++checked_;
        denied_.add(one.name + ": deny all", ref_of(piece, *deny));
        return;
      }
    if (has(*inner, "try_files")) return;  // its last word may be a backend
    std::string served;
    const parse::Directive* where = nullptr;
    if (const auto aliases = parse::children_of(*inner, "alias"); !aliases.empty()) {
      where = aliases.front();
      const std::string_view uri = inner->args.size() > 1 ? inner->arg(1) : inner->arg(0);
      if (!kUri.starts_with(uri)) return;  // of a regular expression
      served = std::string(where->arg()) + std::string(kUri.substr(uri.size()));
      served = served.substr(0, served.rfind('/'));
    } else if ((where = parse::effective(piece.config, path, "root"))) {
      served = without_slash(std::string(where->arg())) + std::string(kDirectory);
    }
    if (!where || !served.starts_with('/') || base::contains(served, "$")) return;
    ++checked_;
    served = without_slash(served);
    if (served == one.directory || may_be_a_link(served) || may_be_a_link(one.directory)) return;
    wrong_root_.add(
        one.name + ": " + one.client + " writes to " + one.directory + ", nginx looks in " + served,
        ref_of(piece, *where));
  }

  const AnalyzerInput& in_;
  model::FactSink& facts_;
  Found wrong_root_, proxied_, denied_;
  int64_t checked_ = 0;
};

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  Paths(in, facts).run();
}

}  // namespace

const Analyzer kChallengePaths = {
    "challenge_paths", "Would nginx answer a challenge with the file that the ACME client writes?",
    kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::analyze
