#include "libdiag/analyze/acme_clients.h"

#include <algorithm>
#include <set>

#include "libdiag/base/text.h"

namespace ngxdiag::analyze {
namespace {

using model::SourceRef;
using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"renewal.seen", Unit::kNone, "settings of an ACME client were looked at"},
    {"renewal.clients", Unit::kNone, "certbot, dehydrated, acme.sh: those with something to renew"},
    {"renewal.names", Unit::kNone, "what they renew: lineages or domains"},
    {"renewal.authenticators", Unit::kNone, "how certbot proves control: webroot, nginx …"},
    {"renewal.installers", Unit::kNone, "certbot's installers"},
    {"renewal.reload_hook", Unit::kNone,
     "nginx is reloaded after every renewal; unknown where a hook does not show what it does"},
    {"renewal.reload_hooks", Unit::kNone, "what reloads nginx after a renewal"},
    {"renewal.without_reload", Unit::kNone, "what is renewed without any reload of nginx"},
    {"renewal.other_hooks", Unit::kNone, "hooks that run after a renewal and do not name nginx"},
    {"renewal.idle_hooks", Unit::kNone,
     "files among certbot's hooks that it does not run: not executable, or ending in ~"},
    {"renewal.hooks_directory", Unit::kNone, "certbot's renewal-hooks/deploy"},
    {"renewal.stop_hooks", Unit::kNone, "hooks that stop nginx"},
    {"renewal.installer_and_stop", Unit::kNone,
     "lineages whose installer is nginx while a hook stops nginx"},
    {"renewal.standalone", Unit::kNone,
     "lineages whose authenticator wants port 80 for itself, and no hook stops nginx"},
    {"renewal.webroots", Unit::kNone, "directories that challenges are written to"},
    {"renewal.schedules", Unit::kNone, "timers and crontabs that start the clients"},
    {"renewal.unscheduled", Unit::kNone, "clients that nothing starts"},
    {"renewal.order_timeout", Unit::kSeconds,
     "dehydrated's ORDER_TIMEOUT; 0, its default: it waits for ever"},
};

std::string base_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

// A list of words, each once, with where they stand.
struct Found {
  std::vector<std::string> says;
  std::vector<SourceRef> refs;
  void add(std::string text, const SourceRef& ref) {
    if (text.empty() || std::find(says.begin(), says.end(), text) != says.end()) return;
    says.push_back(base::shorten(text, model::kExcerptBytes));
    refs.push_back(ref);
  }
};

SourceRef at_line(const AcmeFile& file, const parse::AcmeSetting& setting) {
  SourceRef out = file.ref;
  if (out.line > 0) out.line += setting.line - 1;
  out.excerpt = base::shorten(setting.key + " = " + setting.value, model::kExcerptBytes);
  return out;
}

// What makes nginx read its certificates again.
enum class Reload { kNo, kUnknown, kYes };
Reload stronger(Reload a, Reload b) { return std::max(a, b); }

class Clients {
 public:
  Clients(const Digest& digest, model::FactSink& facts) : digest_(digest), facts_(facts) {}

  void run() {
    for (const AcmeFile& file : digest_.acme_files) general(file);
    hook_directories();
    for (const AcmeFile& file : digest_.acme_files) {
      if (is_lineage(file)) lineage(file);
      if (file.settings.client == "dehydrated") dehydrated(file);
      if (file.settings.client == "acme.sh" && file.settings.find("Le_Domain")) acme_sh(file);
    }
    if (names_.says.empty()) return;
    schedules();
    facts_.put("renewal.seen", true, names_.refs.front());
    put("renewal.clients", clients_);
    put("renewal.names", names_);
    put("renewal.authenticators", authenticators_);
    put("renewal.installers", installers_);
    put("renewal.reload_hooks", reload_hooks_);
    put("renewal.other_hooks", other_hooks_);
    put("renewal.idle_hooks", idle_hooks_);
    put("renewal.stop_hooks", stop_hooks_);
    put("renewal.installer_and_stop", installer_and_stop_);
    put("renewal.standalone", standalone_);
    put("renewal.webroots", webroots_);
    if (!hooks_directory_.empty())
      facts_.put("renewal.hooks_directory", hooks_directory_, hooks_ref_);
    if (undecided_ == 0 || !without_reload_.says.empty()) {
      put("renewal.without_reload", without_reload_);
      facts_.put("renewal.reload_hook", without_reload_.says.empty(),
                 without_reload_.refs.empty() ? reload_refs() : without_reload_.refs);
    }
    if (order_timeout_) facts_.put("renewal.order_timeout", *order_timeout_, order_ref_);
  }

 private:
  void put(std::string_view name, const Found& found) {
    facts_.put(name, found.says, found.refs.empty() ? names_.refs : found.refs);
  }
  std::vector<SourceRef> reload_refs() const {
    return reload_hooks_.refs.empty() ? names_.refs : reload_hooks_.refs;
  }

  static bool is_lineage(const AcmeFile& file) {
    if (file.settings.client != "certbot") return false;
    return base::contains(file.ref.path, "/renewal/") || file.settings.find("archive_dir") ||
           file.settings.find("fullchain") || file.settings.find("authenticator");
  }

  static std::string lineage_name(const AcmeFile& file) {
    if (const parse::AcmeSetting* full = file.settings.find("fullchain")) {
      const size_t end = full->value.rfind('/');
      if (end != std::string::npos && base::contains(full->value, "/live/"))
        return base_name(std::string_view(full->value).substr(0, end));
    }
    std::string name = base_name(file.ref.path);
    return name.ends_with(".conf") ? name.substr(0, name.size() - 5) : name;
  }

  const AcmeFile* script(std::string_view command) const {
    const std::string_view path = parse::script_of_hook(command);
    if (path.empty()) return nullptr;
    for (const AcmeFile& file : digest_.acme_files)
      if (file.ref.path == path) return &file;
    return nullptr;
  }

  // The command of a setting, or the script it runs.
  Reload judge(const std::string& label, const std::string& command, const SourceRef& ref) {
    parse::HookAction action = parse::parse_hook(command);
    if (const AcmeFile* file = script(command)) {
      if (!action.reloads && !action.stops) action = file->action;
    } else if (!action.reloads && !action.stops && !action.others) {
      other_hooks_.add(label + ": " + command, ref);
      return Reload::kUnknown;
    }
    return judge(label + ": " + command, action, ref);
  }
  Reload judge(const std::string& text, const parse::HookAction& action, const SourceRef& ref) {
    if (action.stops) stop_hooks_.add(text, ref);
    if (action.reloads) {
      reload_hooks_.add(text, ref);
      return Reload::kYes;
    }
    if (action.stops) return Reload::kNo;
    other_hooks_.add(text, ref);
    return action.others ? Reload::kNo : Reload::kUnknown;
  }

  // cli.ini, the drop-ins of certbot.service, and crontabs speak for all lineages.
  void general(const AcmeFile& file) {
    const std::string& path = file.ref.path;
    const bool unit = base::contains(path, "certbot.service");
    if ((unit || base::contains(path, "cron")) && file.action.reloads) {
      reload_hooks_.add(path, file.ref);
      for_all_ = Reload::kYes;
    }
    if (path.ends_with("cli.ini")) for_all_ = stronger(for_all_, settings_hooks(file));
  }

  Reload settings_hooks(const AcmeFile& file) {
    Reload out = Reload::kNo;
    for (const char* key : {"renew_hook", "deploy_hook", "post_hook", "pre_hook"}) {
      const parse::AcmeSetting* hook = file.settings.find(key);
      if (!hook) continue;
      const std::string label = std::string(key) + " of " + base_name(file.ref.path);
      const Reload effect = judge(label, hook->value, at_line(file, *hook));
      if (std::string_view(key) != "pre_hook") out = stronger(out, effect);
    }
    return out;
  }

  // certbot runs what is executable and does not end in ~ (hooks.py: list_hooks).
  void hook_directories() {
    for (const auto& [directory, ref] : digest_.listed_directories) {
      if (!base::contains(directory, "/renewal-hooks/")) continue;
      hooks_listed_ = true;
      if (directory.ends_with("/deploy")) {
        hooks_directory_ = directory;
        hooks_ref_ = ref;
      }
    }
    for (const ListedFile& row : digest_.listed_files) {
      if (!base::contains(row.directory, "/renewal-hooks/") || row.mode.starts_with('d')) continue;
      const std::string path = row.directory + "/" + row.name;
      const AcmeFile* text = nullptr;
      for (const AcmeFile& file : digest_.acme_files)
        if (file.ref.path == path) text = &file;
      const bool link = row.mode.starts_with('l');
      const bool runs = (link || base::contains(row.mode, "x")) && !row.name.ends_with('~');
      if (!runs) {
        idle_hooks_.add(path, row.ref);
        continue;
      }
      const bool before = row.directory.ends_with("/pre");
      if (!text) {
        if (!before) for_all_ = stronger(for_all_, Reload::kUnknown);
        continue;
      }
      const Reload effect = judge(path, text->action, row.ref);
      if (!before) for_all_ = stronger(for_all_, effect);
    }
  }

  void count(Reload effect, const std::string& name, const SourceRef& ref, bool looked) {
    if (effect == Reload::kYes) return;
    if (effect == Reload::kNo && looked)
      without_reload_.add(name, ref);
    else
      ++undecided_;
  }

  void lineage(const AcmeFile& file) {
    const std::string name = lineage_name(file);
    clients_.add("certbot", file.ref);
    names_.add(name, file.ref);
    const auto text = [&](const char* key, Found& into) -> std::string {
      const parse::AcmeSetting* found = file.settings.find(key);
      if (!found) return {};
      into.add(found->value, at_line(file, *found));
      return found->value;
    };
    const std::string authenticator = text("authenticator", authenticators_);
    const std::string installer = text("installer", installers_);
    const size_t stops_before = stop_hooks_.says.size();
    const Reload own = settings_hooks(file);
    const bool stops = general_stop() || stop_hooks_.says.size() > stops_before;
    for (const parse::AcmeSetting& setting : file.settings.settings)
      if (setting.key == "webroot_path" || setting.section == "webroot_map")
        for (const std::string_view path : base::split(setting.value, ','))
          webroots_.add(std::string(base::trim(path)), at_line(file, setting));
    if (installer == "nginx") {
      reload_hooks_.add("installer = nginx of " + name, file.ref);
      if (stops) installer_and_stop_.add(name, file.ref);
    }
    if (authenticator == "standalone" && !stops) standalone_.add(name, file.ref);
    const Reload effect = installer == "nginx" ? Reload::kYes : stronger(own, for_all_);
    count(effect, name, file.ref, hooks_listed_);
  }

  bool general_stop() const {
    return std::any_of(stop_hooks_.says.begin(), stop_hooks_.says.end(), [](const auto& text) {
      return base::contains(text, "/renewal-hooks/") || base::contains(text, "cli.ini");
    });
  }

  void dehydrated(const AcmeFile& file) {
    for (const std::string& name : file.names) {
      clients_.add("dehydrated", file.ref);
      names_.add(name, file.ref);
    }
    if (const parse::AcmeSetting* webroot = file.settings.find("WELLKNOWN"))
      dehydrated_webroots_.add(webroot->value, at_line(file, *webroot));
    if (!file.names.empty()) {
      for (size_t i = 0; i < dehydrated_webroots_.says.size(); ++i)
        webroots_.add(dehydrated_webroots_.says[i], dehydrated_webroots_.refs[i]);
      const AcmeFile* config = nullptr;
      const parse::AcmeSetting* hook = nullptr;
      const parse::AcmeSetting* timeout = nullptr;
      const AcmeFile* of_timeout = nullptr;
      for (const AcmeFile& other : digest_.acme_files) {
        if (other.settings.client != "dehydrated" || !other.names.empty()) continue;
        config = config ? config : &other;
        if (const auto* found = other.settings.find("HOOK")) hook = found, config = &other;
        if (const auto* found = other.settings.find("ORDER_TIMEOUT"))
          timeout = found, of_timeout = &other;
      }
      if (!config) return;
      order_timeout_ = timeout ? base::parse_int(timeout->value).value_or(0) : 0;
      order_ref_ = timeout ? at_line(*of_timeout, *timeout) : config->ref;
      const Reload effect =
          hook ? judge("HOOK of dehydrated", hook->value, at_line(*config, *hook)) : Reload::kNo;
      count(stronger(effect, for_all_),
            "dehydrated's " + base::plural(static_cast<int64_t>(file.names.size()), "certificate"),
            config->ref, true);
    }
  }

  void acme_sh(const AcmeFile& file) {
    const std::string name = file.settings.find("Le_Domain")->value;
    clients_.add("acme.sh", file.ref);
    names_.add(name, file.ref);
    if (const parse::AcmeSetting* webroot = file.settings.find("Le_Webroot");
        webroot && webroot->value.starts_with('/'))
      webroots_.add(webroot->value, at_line(file, *webroot));
    Reload effect = Reload::kNo;
    for (const char* key : {"Le_ReloadCmd", "Le_RenewHook", "Le_PostHook"})
      if (const parse::AcmeSetting* command = file.settings.find(key))
        effect = stronger(effect, judge(std::string(key) + " of " + name, command->value,
                                        at_line(file, *command)));
    count(stronger(effect, for_all_), name, file.ref, true);
  }

  // Debian's cron.d/certbot does nothing where systemd runs.
  void schedules() {
    std::set<std::string> started;
    const bool systemd = digest_.listed_directories.count("/run/systemd/system") > 0;
    const SourceRef* looked = nullptr;
    for (const auto& [directory, ref] : digest_.listed_directories)
      if (base::contains(directory, "/systemd/system")) looked = &ref;
    Found schedules;
    for (const ListedFile& row : digest_.listed_files) {
      if (!row.directory.ends_with("timers.target.wants")) continue;
      schedules.add(row.name, row.ref);
      for (const char* client : {"certbot", "dehydrated", "acme.sh"})
        if (base::contains(row.name, client)) started.insert(client);
    }
    for (const AcmeFile& file : digest_.acme_files) {
      if (base::contains(file.ref.path, "cron")) looked = looked ? looked : &file.ref;
      for (const parse::AcmeSchedule& one : file.schedules) {
        if (one.without_systemd && systemd) continue;
        schedules.add(file.ref.path, file.ref);
        started.insert(one.client);
      }
    }
    if (!looked) return;
    facts_.put("renewal.schedules", schedules.says,
               schedules.refs.empty() ? std::vector{*looked} : schedules.refs);
    Found idle;
    for (const std::string& client : clients_.says)
      if (!started.count(client)) idle.add(client, *looked);
    facts_.put("renewal.unscheduled", idle.says,
               idle.refs.empty() ? std::vector{*looked} : idle.refs);
  }

  const Digest& digest_;
  model::FactSink& facts_;
  Found clients_, names_, authenticators_, installers_, reload_hooks_, without_reload_,
      other_hooks_, idle_hooks_, stop_hooks_, installer_and_stop_, standalone_, webroots_,
      dehydrated_webroots_;
  Reload for_all_ = Reload::kNo;
  bool hooks_listed_ = false;
  std::string hooks_directory_;
  SourceRef hooks_ref_;
  size_t undecided_ = 0;
  std::optional<int64_t> order_timeout_;
  SourceRef order_ref_;
};

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  Clients(in.digest, facts).run();
}

}  // namespace

const Analyzer kAcmeClients = {
    "acme_clients",
    "Which ACME clients keep the certificates, and does nginx read what they renew?", kSpecs,
    std::size(kSpecs), run};

}  // namespace ngxdiag::analyze
