#include "libdiag/analyze/certificates.h"

#include <algorithm>
#include <set>

#include "libdiag/base/text.h"

namespace ngxdiag::analyze {
namespace {

using model::SourceRef;
using model::Unit;
using Refs = std::vector<SourceRef>;

constexpr model::FactSpec kSpecs[] = {
    {"cert.count", Unit::kCount, "certificates that were read"},
    {"cert.named", Unit::kCount, "certificate files that the configuration names"},
    {"cert.expired", Unit::kNone, "certificates past their end"},
    {"cert.expired_files", Unit::kNone, "their files"},
    {"cert.expired_names", Unit::kNone, "a name of each of them"},
    {"cert.expires_soon", Unit::kNone, "certificates that end within the third of the thresholds"},
    {"cert.expires_in_week", Unit::kNone, "those that end within the second"},
    {"cert.expires_in_day", Unit::kNone, "those that end within the first"},
    {"cert.days_left", Unit::kCount, "whole days until the first of those not expired ends"},
    {"cert.not_yet_valid", Unit::kNone, "certificates whose time has not begun"},
    {"cert.key_mismatch", Unit::kNone, "certificate and key that do not belong together"},
    {"cert.key_mismatch_files", Unit::kNone, "the two files of each"},
    {"cert.keys_checked", Unit::kCount, "pairs of certificate and key that were compared"},
    {"cert.missing", Unit::kNone, "files that the configuration names and that are not there"},
    {"cert.dangling", Unit::kNone, "links of which the target is not there"},
    {"cert.placeholder", Unit::kNone, "missing files with a tutorial's placeholder as a name"},
    {"cert.unusable", Unit::kNone, "certificate files that hold no certificate"},
    {"cert.leaf_only", Unit::kNone,
     "files with the leaf alone although it names an intermediate above it"},
    {"cert.chain_disorder", Unit::kNone, "files whose chain is not in order, leaf first"},
    {"cert.wrong_names", Unit::kNone, "server names that their certificate does not cover"},
    {"cert.weak", Unit::kNone, "certificates with a weak key or digest"},
    {"cert.key_readable", Unit::kNone, "keys that every user may read"},
    {"cert.key_unreadable", Unit::kNone,
     "keys that only root may read while the master runs as another user"},
    {"cert.relative", Unit::kNone,
     "relative paths of certificates and keys, with where nginx looks for them"},
    {"cert.first_end", Unit::kTime, "when the first certificate ends (UTC)"},
    {"cert.last_end", Unit::kTime, "when the last one ends (UTC)"},
    {"cert.newest_change", Unit::kTime, "when a certificate file was last changed"},
    {"cert.workers_since", Unit::kTime, "start of the oldest worker that serves"},
    {"cert.newer_than_workers", Unit::kNone,
     "certificate files changed after the oldest serving worker started"},
    {"cert.live_behind", Unit::kNone,
     "certbot links in live/ that do not point at the newest generation in archive/"},
    {"cert.served_checked", Unit::kCount, "names for which the served certificate was seen"},
    {"cert.served_differs", Unit::kNone,
     "names for which another certificate is served than the one on disk"},
    {"cert.served_names", Unit::kNone, "the names, or sockets, of these"},
    {"cert.served_older", Unit::kNone,
     "names for which an earlier one is served than that on disk"},
    {"cert.served_expired", Unit::kNone, "names for which an expired certificate is served"},
};

// Seconds east of UTC of "+02:00"; 0 when unknown.
int64_t offset(std::string_view zone) {
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-')) return 0;
  const auto hours = base::parse_int(zone.substr(1, 2)),
             minutes = base::parse_int(zone.substr(4, 2));
  if (!hours || !minutes) return 0;
  return (zone[0] == '-' ? -1 : 1) * (*hours * 3600 + *minutes * 60);
}

std::string name_of(const parse::Certificate& certificate) {
  if (!certificate.common_name.empty()) return certificate.common_name;
  return certificate.names.empty() ? certificate.subject : certificate.names.front();
}

std::string when(const std::optional<base::CivilTime>& utc) {
  return utc ? base::format_civil(*utc) + " UTC" : "unknown";
}

// A list of sentences, each with where it was read; put as a fact even when empty, once looked.
struct Found {
  std::vector<std::string> says;
  Refs refs;
  void add(std::string text, const SourceRef& ref) {
    says.push_back(base::shorten(text, model::kExcerptBytes));
    refs.push_back(ref);
  }
  void put(model::FactSink& facts, std::string_view name, const SourceRef& looked) {
    facts.put(name, std::move(says), refs.empty() ? Refs{looked} : std::move(refs));
  }
};

class Judge {
 public:
  Judge(const AnalyzerInput& in, model::FactSink& facts)
      : in_(in), facts_(facts), utc_(in.evidence.now - offset(in.evidence.zone)) {}

  void run() {
    const CertificateEvidence& all = in_.digest.certificates;
    std::set<std::string> prints;
    int64_t usable = 0;
    const SourceRef* looked = nullptr;
    for (const NamedCertificate& one : all.certificates) {
      named(one);
      if (one.bundle.certificates.empty()) continue;
      ++usable;
      if (!looked) looked = &one.file.ref;
      leaf(one.bundle.certificates.front(), one.file.path, one.file.ref);
      for (const parse::Certificate& certificate : one.bundle.certificates)
        prints.insert(certificate.fingerprint);
    }
    for (const NamedFile& other : all.others) absent(other);
    for (const GivenCertificates& given : in_.digest.given_certificates) {
      if (given.bundle.certificates.empty()) continue;
      const parse::Certificate& first = given.bundle.certificates.front();
      if (!first.fingerprint.empty() && prints.count(first.fingerprint)) continue;
      if (first.fingerprint.empty() && is_named(given.ref)) continue;
      ++usable;
      if (!looked) looked = &given.ref;
      leaf(first, given.ref.path, given.ref);
    }
    if (!all.certificates.empty()) {
      const SourceRef& at = all.certificates.front().file.ref;
      facts_.put("cert.named", static_cast<int64_t>(all.certificates.size()), at);
      if (std::any_of(all.certificates.begin(), all.certificates.end(),
                      [](const auto& one) { return one.file.state != FileState::kUnknown; })) {
        missing_.put(facts_, "cert.missing", at);
        dangling_.put(facts_, "cert.dangling", at);
        placeholder_.put(facts_, "cert.placeholder", at);
        unusable_.put(facts_, "cert.unusable", at);
        relative_.put(facts_, "cert.relative", at);
        key_unreadable_.put(facts_, "cert.key_unreadable", at);
      }
    }
    if (looked) put_all(usable, *looked);
    workers(all);
    served(all);
  }

 private:
  bool is_named(const SourceRef& ref) const {
    const auto& all = in_.digest.certificates.certificates;
    return std::any_of(all.begin(), all.end(), [&](const NamedCertificate& one) {
      return one.file.ref.path == ref.path && one.file.ref.line == ref.line;
    });
  }

  void absent(const NamedFile& file) {
    if (file.state == FileState::kMissing) {
      const std::string path = base::lower(file.path);
      const bool placeholder =
          std::any_of(std::begin(kPlaceholders), std::end(kPlaceholders),
                      [&](std::string_view text) { return base::contains(path, text); });
      (placeholder ? placeholder_ : missing_).add(file.path, file.ref);
    } else if (file.state == FileState::kDangling) {
      dangling_.add(file.path + " points to " + file.link, file.ref);
    }
  }

  // Relative names lie beside nginx.conf, wherever the include stands (ngx_conf_full_name).
  void relative(const NamedFile& file) {
    if (file.path.empty() || file.written.empty() || file.written.starts_with('/')) return;
    relative_.add(file.written + " is looked for at " + file.path, file.ref);
  }

  // The master reads keys; one that was not started by root cannot read those of root.
  void readable(const NamedFile& key) {
    constexpr uint32_t kGroupOrOthers = 0044;
    if (in_.evidence.live && key.state == FileState::kRead && key.uid == 0 &&
        !(key.mode & kGroupOrOthers))
      for (const model::Process& process : in_.instance.processes)
        if (process.pid == in_.instance.master_pid && !process.user.empty() &&
            process.user != "root")
          key_unreadable_.add(key.path, key.ref);
  }

  void named(const NamedCertificate& one) {
    relative(one.file);
    relative(one.key);
    readable(one.key);
    absent(one.file);
    if (!one.key.path.empty() && one.key.path != one.file.path) absent(one.key);
    if (one.newer)
      live_behind_.add(
          one.file.path + " points to " + one.file.link + ", the newest is " + *one.newer,
          one.file.ref);
    if (one.key_read) {
      constexpr uint32_t kOthers = 0004;
      if (one.key.mode & kOthers) key_readable_.add(one.key.path, one.key.ref);
    }
    if (one.file.state != FileState::kRead) return;
    if (one.bundle.certificates.empty()) {
      unusable_.add(one.file.path + (one.bundle.requests ? " holds a certificate request"
                                     : one.bundle.keys   ? " holds a private key only"
                                     : one.bundle.broken ? " is damaged"
                                                         : " holds no certificate"),
                    one.file.ref);
      return;
    }
    const parse::Certificate& first = one.bundle.certificates.front();
    if (one.key_read && !one.key_identity.public_key.empty() && !first.public_key.empty()) {
      ++keys_checked_;
      if (one.key_identity.public_key != first.public_key) {
        key_mismatch_.add(one.file.path + " and " + one.key.path, one.file.ref);
        mismatch_files_.add(one.file.path, one.file.ref);
        mismatch_files_.add(one.key.path, one.file.ref);
      }
    }
    chain(one);
    if (one.presented) names(one);
  }

  void chain(const NamedCertificate& one) {
    const auto& chain = one.bundle.certificates;
    const parse::Certificate& first = chain.front();
    if (chain.size() == 1 && one.presented && first.names_issuer && !first.authority &&
        !parse::self_signed(first))
      leaf_only_.add(one.file.path + " (issued by " + first.issuer + ")", one.file.ref);
    // The first is the leaf, each next one issued the one before it.
    for (size_t i = 0; i + 1 < chain.size(); ++i) {
      if (chain[i].issuer == chain[i + 1].subject || parse::self_signed(chain[i])) continue;
      disorder_.add(one.file.path + ": certificate " + std::to_string(i + 2) + " (" +
                        name_of(chain[i + 1]) + ") did not issue certificate " +
                        std::to_string(i + 1) + " (" + name_of(chain[i]) + ")",
                    one.file.ref);
      break;
    }
  }

  void names(const NamedCertificate& one) {
    const parse::Certificate& first = one.bundle.certificates.front();
    for (const std::string& name : one.server_names) {
      const bool plain = base::contains(name, ".") && !name.starts_with('~') &&
                         !name.starts_with('.') && !name.starts_with('*') && !name.ends_with('*') &&
                         !base::contains(name, "$");
      if (!plain || parse::covers(first, name)) continue;
      // One server may hold certificates of two kinds for the same names, or one for each name.
      const auto& all = in_.digest.certificates.certificates;
      const bool elsewhere = std::any_of(all.begin(), all.end(), [&](const NamedCertificate& two) {
        return !two.bundle.certificates.empty() && two.presented &&
               std::find(two.server_names.begin(), two.server_names.end(), name) !=
                   two.server_names.end() &&
               parse::covers(two.bundle.certificates.front(), name);
      });
      if (!elsewhere)
        wrong_names_.add(name + " is not covered by " + one.file.path + " (" + name_of(first) + ")",
                         one.file.ref);
    }
  }

  void leaf(const parse::Certificate& first, const std::string& path, const SourceRef& ref) {
    const double weak_rsa = in_.tables.threshold("cert_rsa_bits");
    const double weak_ec = in_.tables.threshold("cert_ec_bits");
    const std::string label = name_of(first) + " (" + path + ")";
    if ((first.key_type == "RSA" && first.key_bits > 0 && first.key_bits < weak_rsa) ||
        (first.key_type == "EC" && first.key_bits > 0 && first.key_bits < weak_ec))
      weak_.add(label + ": key of " + std::to_string(first.key_bits) + " bits", ref);
    else if ((first.digest == "md5" || first.digest == "sha1") && !parse::self_signed(first))
      weak_.add(label + ": signed with " + first.digest, ref);
    if (first.not_before && *first.not_before > utc_)
      not_yet_.add(label + " is valid from " + when(first.not_before), ref);
    if (!first.not_after) return;
    const base::CivilTime end = *first.not_after;
    if (!first_end_ || end < *first_end_) first_end_ = end;
    if (!last_end_ || end > *last_end_) last_end_ = end;
    if (end <= utc_) {
      expired_.add(
          label + " ended " + when(end) + ", " + base::format_duration(utc_ - end) + " ago", ref);
      expired_files_.add(path, ref);
      expired_names_.add(name_of(first), ref);
      return;
    }
    const int64_t left = end - utc_;
    if (!least_left_ || left < *least_left_) least_left_ = left;
    // Short-lived certificates are renewed at a share of their life, not at a number of days.
    constexpr double kDay = 86400;
    const double share = in_.tables.threshold("cert_soon_share") *
                         (first.not_before ? static_cast<double>(end - *first.not_before) : 1e12);
    const std::string says = label + " ends " + when(end) + ", in " + base::format_duration(left);
    const auto within = [&](std::string_view threshold) {
      return static_cast<double>(left) < std::min(in_.tables.threshold(threshold) * kDay, share);
    };
    if (within("cert_soon_days")) soon_.add(says, ref);
    if (within("cert_week_days")) week_.add(says, ref);
    if (within("cert_day_days")) day_.add(says, ref);
  }

  void put_all(int64_t usable, const SourceRef& at) {
    facts_.put("cert.count", usable, at);
    expired_.put(facts_, "cert.expired", at);
    expired_files_.put(facts_, "cert.expired_files", at);
    expired_names_.put(facts_, "cert.expired_names", at);
    soon_.put(facts_, "cert.expires_soon", at);
    week_.put(facts_, "cert.expires_in_week", at);
    day_.put(facts_, "cert.expires_in_day", at);
    not_yet_.put(facts_, "cert.not_yet_valid", at);
    leaf_only_.put(facts_, "cert.leaf_only", at);
    disorder_.put(facts_, "cert.chain_disorder", at);
    wrong_names_.put(facts_, "cert.wrong_names", at);
    weak_.put(facts_, "cert.weak", at);
    live_behind_.put(facts_, "cert.live_behind", at);
    if (keys_checked_ > 0) {
      facts_.put("cert.keys_checked", keys_checked_, at);
      key_mismatch_.put(facts_, "cert.key_mismatch", at);
      mismatch_files_.put(facts_, "cert.key_mismatch_files", at);
      key_readable_.put(facts_, "cert.key_readable", at);
    }
    if (first_end_) facts_.put("cert.first_end", base::format_civil(*first_end_), at);
    if (last_end_) facts_.put("cert.last_end", base::format_civil(*last_end_), at);
    if (least_left_) facts_.put("cert.days_left", *least_left_ / 86400, at);
  }

  // nginx reads certificates at start and reload alone, so a file that is newer than every serving
  // worker is not in force.
  void workers(const CertificateEvidence& all) {
    if (!in_.evidence.live) return;
    std::optional<base::CivilTime> oldest, newest_change;
    const SourceRef* worker = nullptr;
    for (const model::Process& process : in_.instance.processes)
      if (process.role == model::Role::kWorker && process.started &&
          (!oldest || *process.started < *oldest)) {
        oldest = process.started;
        worker = &process.ref;
      }
    const SourceRef* at = nullptr;
    Found newer;
    for (const NamedCertificate& one : all.certificates) {
      if (!one.presented || !one.file.modified || one.file.state != FileState::kRead) continue;
      if (!newest_change || *one.file.modified > *newest_change) {
        newest_change = one.file.modified;
        at = &one.file.ref;
      }
      constexpr base::CivilTime kStartSlack = 2;  // the process table knows starts to the second
      if (oldest && *one.file.modified > *oldest + kStartSlack)
        newer.add(one.file.path + " changed " + base::format_civil(*one.file.modified),
                  one.file.ref);
    }
    if (!at) return;
    facts_.put("cert.newest_change", base::format_civil(*newest_change), *at);
    if (!oldest) return;
    facts_.put("cert.workers_since", base::format_civil(*oldest), *worker);
    newer.put(facts_, "cert.newer_than_workers", *at);
  }

  void served(const CertificateEvidence& all) {
    if (all.served.empty()) return;
    Found differs, names, older, expired;
    int64_t checked = 0;
    for (const ServedCertificate& one : all.served) {
      if (!one.leaf) continue;
      ++checked;
      const std::string label = one.name.empty() ? one.address : one.name;
      if (one.leaf->not_after && *one.leaf->not_after <= utc_)
        expired.add(label + ": the served certificate ended " + when(one.leaf->not_after), one.ref);
      const parse::Certificate* disk = nullptr;
      bool same = false;
      for (const NamedCertificate& named : all.certificates) {
        if (named.bundle.certificates.empty() ||
            std::find(one.paths.begin(), one.paths.end(), named.file.path) == one.paths.end())
          continue;
        const parse::Certificate& candidate = named.bundle.certificates.front();
        same = same || candidate.fingerprint == one.leaf->fingerprint;
        if (!disk || candidate.key_type == one.leaf->key_type) disk = &candidate;
      }
      if (same || !disk) continue;
      const std::string says = label + ": on disk until " + when(disk->not_after) +
                               ", served until " + when(one.leaf->not_after);
      differs.add(says, one.ref);
      names.add(label, one.ref);
      // The same names and an earlier end: what the file was before its renewal.
      if (one.leaf->not_after && disk->not_after && *one.leaf->not_after < *disk->not_after &&
          one.leaf->names == disk->names)
        older.add(says, one.ref);
    }
    if (checked == 0) return;
    const SourceRef& at = all.served.front().ref;
    facts_.put("cert.served_checked", checked, at);
    differs.put(facts_, "cert.served_differs", at);
    names.put(facts_, "cert.served_names", at);
    older.put(facts_, "cert.served_older", at);
    expired.put(facts_, "cert.served_expired", at);
  }

  static constexpr std::string_view kPlaceholders[] = {
      "yourdomain", "your_domain", "your-domain", "example.com", "example.org",
      "domain.tld", "/path/to/",   "mydomain",    "your.domain", "domain.com/"};

  const AnalyzerInput& in_;
  model::FactSink& facts_;
  base::CivilTime utc_;
  Found expired_, expired_files_, expired_names_, soon_, week_, day_, not_yet_, key_mismatch_,
      mismatch_files_, missing_, dangling_, placeholder_, unusable_, leaf_only_, disorder_,
      wrong_names_, weak_, key_readable_, live_behind_, relative_, key_unreadable_;
  int64_t keys_checked_ = 0;
  std::optional<int64_t> least_left_;
  std::optional<base::CivilTime> first_end_, last_end_;
};

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  Judge(in, facts).run();
}

}  // namespace

const Analyzer kCertificates = {
    "certificates",
    "Are the certificates sound that the configuration names, and are they the ones served?",
    kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::analyze
