#include "libdiag/analyze/certificate_evidence.h"

#include <algorithm>
#include <map>
#include <set>

#include "libdiag/analyze/served_targets.h"
#include "libdiag/base/text.h"
#include "libdiag/parse/nginx_config_query.h"

namespace ngxdiag::analyze {
namespace {

constexpr size_t kMaxFiles = 5000;
constexpr size_t kMaxKeys = 500;  // reading one takes up to a millisecond
constexpr size_t kMaxBytes = 256 << 10;
constexpr int kMaxLinks = 16;
constexpr size_t kMaxNames = 200;

std::string directory_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash + 1));
}

// Names that only a running nginx can resolve, and what is no file at all.
bool is_file(std::string_view value) {
  return !value.empty() && !base::contains(value, "$") && !value.starts_with("data:") &&
         !value.starts_with("engine:") && !value.starts_with("store:");
}

std::string resolved(const std::string& main_file, std::string_view value) {
  if (value.starts_with('/')) return std::string(value);
  return directory_of(main_file) + std::string(value);
}

model::SourceRef ref_of(const parse::Directive& directive, const std::string& main_file) {
  model::SourceRef out{"config", directive.file.empty() ? main_file : directive.file,
                       directive.line};
  out.excerpt =
      base::shorten(directive.name + " " + std::string(directive.arg()), model::kExcerptBytes);
  return out;
}

class Gatherer {
 public:
  Gatherer(const source::Evidence& evidence, const source::Instance& instance,
           const std::string& main_file, const std::vector<GivenCertificates>& given)
      : instance_(instance),
        main_file_(main_file),
        given_(given),
        reachable_(instance.files && (evidence.live || instance.has_tree)),
        live_(evidence.live) {}

  NamedFile look(const parse::Directive& directive) {
    NamedFile out;
    out.path = resolved(main_file_, directive.arg());
    out.directive = directive.name;
    out.written = std::string(directive.arg());
    out.ref = ref_of(directive, main_file_);
    if (!reachable_) return out;
    const source::Files& files = *instance_.files;
    std::string at = out.path;
    for (int links = 0; links < kMaxLinks; ++links) {
      const source::FileInfo info = files.info(at);
      if (!info.exists) {
        const source::Fetched why = files.read(out.path, 1);
        if (why.gap.why != "does not exist") {
          out.state = FileState::kHidden;
          gaps.push_back({out.path, why.gap.why});
        } else if (live_) {  // a captured tree has only what was captured
          out.state = links == 0 ? FileState::kMissing : FileState::kDangling;
        }
        return out;
      }
      if (!out.modified || info.modified > *out.modified) out.modified = info.modified;
      out.mode = info.mode;
      out.uid = info.uid;
      if (!info.symlink) {
        out.state = FileState::kRead;
        return out;
      }
      out.link = info.link;
      at = resolved(at, info.link);
    }
    return out;
  }

  void read_certificate(NamedCertificate& out) {
    if (out.file.state == FileState::kRead) {
      const source::Fetched fetched = instance_.files->read(out.file.path, kMaxBytes);
      if (!fetched.bytes) {
        out.file.state = FileState::kHidden;
        gaps.push_back(fetched.gap);
        return;
      }
      out.bundle = parse::parse_certificates(*fetched.bytes);
    } else if (out.file.state == FileState::kUnknown) {
      if (const GivenCertificates* found = given_for(out)) {
        out.bundle = found->bundle;
        out.file.state = FileState::kRead;
        out.file.ref = found->ref;
      }
    }
  }

  void read_key(NamedCertificate& out) {
    if (out.key.state != FileState::kRead) return;
    if (++keys_ > kMaxKeys) return;
    source::Fetched fetched = instance_.files->read(out.key.path, kMaxBytes);
    if (!fetched.bytes) {
      out.key.state = FileState::kHidden;
      gaps.push_back(fetched.gap);
      return;
    }
    out.key_identity = parse::identify_private_key(*fetched.bytes);
    out.key_read = true;
  }

  // certbot keeps each generation in archive/NAME/fullchainN.pem and points live/NAME/ at the
  // newest.
  void look_at_archive(NamedCertificate& out) {
    constexpr std::string_view kPem = ".pem";
    if (out.file.state != FileState::kRead || !base::contains(out.file.path, "/live/") ||
        !out.file.link.ends_with(kPem))
      return;
    const std::string target = resolved(out.file.path, out.file.link);
    const auto numbered = [&](std::string_view path, std::string& stem) -> int64_t {
      std::string_view name = path.substr(directory_of(path).size());
      if (!name.ends_with(kPem)) return -1;
      name.remove_suffix(kPem.size());
      const size_t digits = name.find_last_not_of("0123456789");
      stem = std::string(name.substr(0, digits == std::string_view::npos ? 0 : digits + 1));
      return base::parse_int(name.substr(stem.size())).value_or(-1);
    };
    std::string stem;
    int64_t best = numbered(target, stem);
    if (best < 0) return;
    model::Gap gap;
    for (const std::string& name : instance_.files->list(directory_of(target), gap)) {
      std::string other;
      const int64_t number = numbered(name, other);
      if (other != stem || number <= best) continue;
      best = number;
      out.newer = directory_of(target) + name;
    }
  }

  std::vector<model::Gap> gaps;

 private:
  // How many last parts of two paths agree.
  static size_t common_end(std::string_view a, std::string_view b) {
    const auto x = base::split(a, '/'), y = base::split(b, '/');
    size_t same = 0;
    while (same < x.size() && same < y.size() && x[x.size() - 1 - same] == y[y.size() - 1 - same])
      ++same;
    return same;
  }

  const GivenCertificates* given_for(const NamedCertificate& wanted) const {
    const GivenCertificates* best = nullptr;
    size_t most = 0;
    for (const GivenCertificates& one : given_) {
      size_t same = 2 * common_end(one.ref.path, wanted.file.path);
      if (same == 0 || one.bundle.certificates.empty()) continue;
      for (const std::string& name : wanted.server_names)
        if (parse::covers(one.bundle.certificates.front(), name)) {
          ++same;
          break;
        }
      if (same > most) {
        most = same;
        best = &one;
      }
    }
    return best;
  }

  const source::Instance& instance_;
  const std::string& main_file_;
  const std::vector<GivenCertificates>& given_;
  bool reachable_, live_;
  size_t keys_ = 0;
};

// Names of the server blocks that present each certificate, by the ssl_certificate's address.
using Presenters = std::map<const parse::Directive*, std::vector<std::string>>;

Presenters presenters(const parse::Config& config) {
  Presenters out;
  for (const parse::Placed& server : parse::find_all(config, "server")) {
    if (!server.directive->block || server.protocol() == "") continue;
    if (!presents_tls(config, server)) continue;
    parse::BlockPath path = server.path;
    path.push_back(server.directive);
    for (const parse::Directive* certificate :
         parse::effective_all(config, path, "ssl_certificate")) {
      auto& names = out[certificate];
      for (const parse::Directive* name : parse::children_of(*server.directive, "server_name"))
        for (const parse::ConfigArg& arg : name->args)
          if (names.size() < kMaxNames &&
              std::find(names.begin(), names.end(), arg.value) == names.end())
            names.push_back(arg.value);
    }
  }
  return out;
}

// The key that goes with the certificate: the one at the same place of its level's list.
const parse::Directive* key_of(const parse::Config& config, const parse::Placed& certificate) {
  const std::string& name = certificate.directive->name;
  const auto certificates = parse::effective_all(config, certificate.path, name);
  const auto keys = parse::effective_all(config, certificate.path, name + "_key");
  const auto at = std::find(certificates.begin(), certificates.end(), certificate.directive);
  const size_t index = static_cast<size_t>(at - certificates.begin());
  return index < keys.size() ? keys[index] : nullptr;
}

// One gap for all sockets that failed alike.
void note_failures(const std::map<std::string, std::vector<std::string>>& failures,
                   std::vector<model::Gap>& gaps) {
  for (const auto& [why, what] : failures)
    gaps.push_back(
        {what.front() +
             (what.size() > 1 ? " and " + std::to_string(what.size() - 1) + " more" : ""),
         why});
}

void shake_hands(const source::Instance& instance, const parse::Config& config,
                 const std::string& main_file, CertificateEvidence& out,
                 std::vector<model::Gap>& gaps) {
  const std::vector<ServedTarget> targets = served_targets(config);
  if (targets.empty()) return;
  std::vector<source::TlsTarget> ask;
  for (const ServedTarget& target : targets)
    ask.push_back({target.address, target.port, target.name});
  const std::vector<source::Fetched> answers = instance.tls_probe(ask);
  std::map<std::string, std::vector<std::string>> failures;
  for (size_t i = 0; i < answers.size() && i < targets.size(); ++i) {
    if (!answers[i].bytes) {
      failures[answers[i].gap.why].push_back(answers[i].gap.what);
      continue;
    }
    ServedCertificate served;
    served.address = targets[i].address + ":" + std::to_string(targets[i].port);
    served.name = targets[i].name;
    served.leaf = parse::parse_certificate_der(*answers[i].bytes);
    served.ref = ref_of(*targets[i].listen, main_file);
    for (const parse::Directive* certificate : targets[i].certificates)
      if (is_file(certificate->arg()))
        served.paths.push_back(resolved(main_file, certificate->arg()));
    out.served.push_back(std::move(served));
  }
  note_failures(failures, gaps);
}

}  // namespace

CertificateEvidence gather_certificates(const source::Evidence& evidence,
                                        const source::Instance& instance,
                                        const parse::Config& config, const std::string& main_file,
                                        const std::vector<GivenCertificates>& given) {
  CertificateEvidence out;
  Gatherer gatherer(evidence, instance, main_file, given);
  const Presenters names = presenters(config);
  std::map<std::pair<std::string, std::string>, NamedCertificate> found;  // by path and key
  for (const parse::Placed& placed :
       parse::find_any(config, {"ssl_certificate", "proxy_ssl_certificate", "grpc_ssl_certificate",
                                "uwsgi_ssl_certificate"})) {
    if (!is_file(placed.directive->arg()) || found.size() >= kMaxFiles) continue;
    const std::string path = resolved(main_file, placed.directive->arg());
    const parse::Directive* key = key_of(config, placed);
    const std::string key_path =
        key && is_file(key->arg()) ? resolved(main_file, key->arg()) : std::string();
    auto [entry, fresh] = found.try_emplace({path, key_path});
    NamedCertificate& one = entry->second;
    const auto presented = names.find(placed.directive);
    if (presented != names.end()) {
      one.presented = true;
      for (const std::string& name : presented->second)
        if (std::find(one.server_names.begin(), one.server_names.end(), name) ==
            one.server_names.end())
          one.server_names.push_back(name);
    }
    if (!fresh) continue;
    one.file = gatherer.look(*placed.directive);
    if (!key_path.empty()) one.key = gatherer.look(*key);
  }
  for (auto& [path, one] : found) {
    gatherer.read_certificate(one);
    gatherer.read_key(one);
    gatherer.look_at_archive(one);
    out.certificates.push_back(std::move(one));
  }
  std::set<std::string> seen;
  for (const parse::Placed& placed :
       parse::find_any(config, {"ssl_trusted_certificate", "ssl_client_certificate", "ssl_dhparam",
                                "proxy_ssl_trusted_certificate", "grpc_ssl_trusted_certificate"}))
    if (is_file(placed.directive->arg()) && seen.size() < kMaxFiles &&
        seen.insert(std::string(placed.directive->arg())).second)
      out.others.push_back(gatherer.look(*placed.directive));
  if (instance.tls_probe) shake_hands(instance, config, main_file, out, gatherer.gaps);
  out.gaps = std::move(gatherer.gaps);
  return out;
}

}  // namespace ngxdiag::analyze
