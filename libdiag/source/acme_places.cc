#include "libdiag/source/acme_places.h"

#include <iterator>
#include <utility>

#include "libdiag/base/text.h"
#include "libdiag/source/surroundings.h"

namespace ngxdiag::source {
namespace {

using model::Kind;

constexpr size_t kMaxOfOneKind = 200;
constexpr int64_t kMaxSettings = 256 << 10;  // bytes: settings and hooks are small

struct Place {
  const char* pattern;
  Kind kind;
};

constexpr Place kPlaces[] = {
    {"/etc/dehydrated/config", Kind::kRenewalConf},
    {"/etc/dehydrated/conf.d/*.sh", Kind::kRenewalConf},
    {"/etc/dehydrated/domains.txt", Kind::kRenewalConf},
    {"/root/.acme.sh/*/*.conf", Kind::kRenewalConf},
    {"/home/*/.acme.sh/*/*.conf", Kind::kRenewalConf},
    {"/etc/systemd/system/certbot.service", Kind::kRenewalConf},
    {"/etc/systemd/system/certbot.service.d/*.conf", Kind::kRenewalConf},
    {"/etc/cron.d/*", Kind::kRenewalConf},
    {"/etc/cron.daily/*", Kind::kRenewalConf},
    {"/etc/cron.weekly/*", Kind::kRenewalConf},
    {"/etc/crontab", Kind::kRenewalConf},
    {"/var/spool/cron/crontabs/root", Kind::kRenewalConf},
    {"/var/spool/cron/root", Kind::kRenewalConf},
    {"/var/log/letsencrypt/letsencrypt.log", Kind::kAcmeLog},
    {"/var/log/letsencrypt/letsencrypt.log.1", Kind::kAcmeLog},
    {"/var/log/dehydrated/*.log", Kind::kAcmeLog},
    {"/var/log/dehydrated.log", Kind::kAcmeLog},
    {"/root/.acme.sh/acme.sh.log", Kind::kAcmeLog},
};

bool speaks_of_acme(const std::string& text) {
  for (const char* word : {"certbot", "letsencrypt", "dehydrated", "acme", "nginx"})
    if (base::contains(text, word)) return true;
  return false;
}

std::string mode_text(const FileInfo& info) {
  std::string out(1, info.symlink ? 'l' : info.directory ? 'd' : '-');
  constexpr std::string_view kBits = "rwxrwxrwx";
  for (size_t i = 0; i < kBits.size(); ++i) out += info.mode >> (8 - i) & 1 ? kBits[i] : '-';
  return out;
}

// A row as `ls -ln --time-style=long-iso` prints it.
std::string row(const Files& files, const std::string& path, const std::string& name) {
  const FileInfo info = files.info(path);
  if (!info.exists) return {};
  return mode_text(info) + " 1 " + std::to_string(info.uid) + " " + std::to_string(info.gid) + " " +
         std::to_string(info.size) + " " + base::format_civil(info.modified) + " " + name +
         (info.symlink ? " -> " + info.link : "") + "\n";
}

// The rows of a directory, of all names or of those that speak of an ACME client.
std::string listing(const Files& files, const std::string& directory, bool all) {
  model::Gap gap;
  const std::vector<std::string> names = files.list(directory, gap);
  if (!gap.why.empty() && gap.why != "does not exist") return {};
  std::string out = directory + ":\n";
  size_t taken = 0;
  for (const std::string& name : names) {
    if (!all && !speaks_of_acme(name)) continue;
    if (taken++ == kMaxOfOneKind) break;
    out += row(files, directory + "/" + name, name);
  }
  return out;
}

// The timers that are enabled, and those that could be.
std::string timers(const Files& files) {
  constexpr const char* kWants = "/etc/systemd/system/timers.target.wants";
  std::string out = files.info(kWants).exists ? listing(files, kWants, false) : std::string();
  for (const char* directory : {"/etc/systemd/system", "/lib/systemd/system"}) {
    std::string rows;
    for (const char* name : {"certbot.timer", "snap.certbot.renew.timer", "dehydrated.timer",
                             "acme.sh.timer", "certbot-renew.timer"})
      rows += row(files, std::string(directory) + "/" + name, name);
    if (!rows.empty()) out += std::string(directory) + ":\n" + rows;
  }
  if (files.info("/run/systemd/system").directory) out += "/run/systemd/system:\n";
  return out;
}

void add_matches(const std::shared_ptr<const Files>& files, const std::string& pattern, Kind kind,
                 std::vector<Document>& out) {
  size_t taken = 0;
  const bool crontab = base::contains(pattern, "cron");
  for (const std::string& path : files->glob(pattern)) {
    if (taken == kMaxOfOneKind) break;
    if (base::contains(path, "account.conf") || path.ends_with(".csr.conf")) continue;
    if (kind == Kind::kRenewalConf && files->info(path).size > kMaxSettings) continue;
    if (crontab) {
      const Fetched text = files->read(path, kMaxSettings);
      if (!text.bytes || !speaks_of_acme(*text.bytes)) continue;
    }
    ++taken;
    out.push_back(file_document(files, path, kind));
  }
}

}  // namespace

std::vector<Document> certbot_documents(const std::shared_ptr<const Files>& files,
                                        const std::string& config_dir) {
  std::vector<Document> out;
  if (!files->info(config_dir + "/renewal").exists) return out;
  add_matches(files, config_dir + "/renewal/*.conf", Kind::kRenewalConf, out);
  add_matches(files, config_dir + "/cli.ini", Kind::kRenewalConf, out);
  std::string rows;
  for (const char* when : {"pre", "deploy", "post"}) {
    const std::string directory = config_dir + "/renewal-hooks/" + when;
    add_matches(files, directory + "/*", Kind::kRenewalConf, out);
    rows += listing(*files, directory, true);
  }
  if (!rows.empty())
    out.push_back(text_document("listing of " + config_dir + "/renewal-hooks", std::move(rows),
                                Kind::kListing));
  return out;
}

std::vector<Document> acme_documents(const std::shared_ptr<const Files>& files) {
  std::vector<Document> out = certbot_documents(files, "/etc/letsencrypt");
  for (const Place& place : kPlaces) add_matches(files, place.pattern, place.kind, out);
  if (std::string rows = timers(*files); !rows.empty())
    out.push_back(
        text_document("listing of timers of ACME clients", std::move(rows), Kind::kListing));
  // What exists but is hidden is said, not passed over.
  for (const char* directory : {"/etc/letsencrypt/renewal", "/var/log/letsencrypt"}) {
    model::Gap gap;
    files->list(directory, gap);
    if (!gap.why.empty() && files->info(directory).exists)
      out.push_back({directory, std::nullopt, [gap](model::Gap& why) {
                       why = gap;
                       return std::unique_ptr<ByteStream>();
                     }});
  }
  return out;
}

}  // namespace ngxdiag::source
