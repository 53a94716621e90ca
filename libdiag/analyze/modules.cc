#include "libdiag/analyze/modules.h"

#include <algorithm>
#include <set>

#include "libdiag/base/text.h"
#include "libdiag/parse/module_names.h"
#include "libdiag/parse/nginx_config_query.h"

namespace ngxdiag::analyze {
namespace {

using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"modules.names", Unit::kNone, "modules present by any witness"},
    {"modules.third_party", Unit::kNone, "those of them that do not come with nginx"},
    {"modules.loaded", Unit::kNone, "modules in the memory map of a running process"},
    {"modules.configured", Unit::kNone, "modules that load_module or a modules-enabled link names"},
    {"modules.static", Unit::kNone, "third-party modules compiled in"},
    {"modules.complete", Unit::kNone, "all modules are known: one not named is not there"},
    {"modules.configured_not_loaded", Unit::kNone,
     "configured but not in memory: restart pending or load failed"},
    {"modules.loaded_not_configured", Unit::kNone,
     "in memory but no longer configured: restart pending"},
    {"modules.replaced_on_disk", Unit::kNone, "the loaded file was replaced on disk since"},
    {"modules.*", Unit::kNone,
     "per module: present, version, file, link, target, package, witness"},
};

struct Entry {
  std::set<std::string> witness;
  std::string version, file, link, target, package;
  std::vector<model::SourceRef> refs;  // the strongest witness first
};

class Collector {
 public:
  void see(const std::string& slug, const char* witness, const model::SourceRef& ref) {
    if (slug.empty()) return;
    Entry& entry = entries[slug];
    if (entry.witness.insert(witness).second) entry.refs.push_back(ref);
  }
  std::map<std::string, Entry> entries;
};

std::string file_name(std::string_view path) {
  const size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

bool is_module_file(std::string_view path) {
  return path.ends_with(".so") &&
         (base::contains(path, "ngx_") || base::contains(path, "ndk_http"));
}

// "50-mod-http-lua.conf" enables what the package libnginx-mod-http-lua brought.
std::string slug_of_link(const ModuleLink& link) {
  const std::string& of = base::contains(link.target, "mod-") ? link.target : link.name;
  std::string name = file_name(of);
  const size_t at = name.find("mod-");
  if (at == std::string::npos || !name.ends_with(".conf")) return {};
  return parse::module_slug("libnginx-" + name.substr(at, name.size() - at - 5));
}

void from_memory(const AnalyzerInput& in, Collector& modules, std::vector<std::string>& replaced,
                 std::vector<model::SourceRef>& replaced_refs) {
  for (const MappedModule& mapped : in.digest.mapped) {
    if (!is_module_file(mapped.path)) continue;
    const std::string slug = parse::module_name_or_slug(file_name(mapped.path));
    modules.see(slug, "loaded", mapped.ref);
    if (slug.empty()) continue;
    modules.entries[slug].file = mapped.path;
    if (mapped.deleted) {
      replaced.push_back(slug);
      replaced_refs.push_back(mapped.ref);
    }
  }
}

void from_configuration(const AnalyzerInput& in, Collector& modules) {
  for (const ConfigPiece& piece : in.digest.configs)
    for (const parse::Placed& placed : parse::find_all(piece.config, "load_module")) {
      const parse::Directive& directive = *placed.directive;
      const std::string slug = parse::module_name_or_slug(file_name(directive.arg()));
      const std::string& file = directive.file.empty() ? piece.ref.path : directive.file;
      model::SourceRef ref{"config", file, directive.line};
      ref.excerpt = "load_module " + std::string(directive.arg()) + ";";
      modules.see(slug, "configured", ref);
      if (slug.empty()) continue;
      Entry& entry = modules.entries[slug];
      if (entry.file.empty()) entry.file = directive.arg();
      // A file of its own in modules-enabled is what an operator takes away to unload the module.
      if (base::contains(file, "modules-enabled/")) {
        entry.link = file;
        entry.target = in.instance.files->info(file).link;
      }
    }
  for (const ModuleLink& link : in.digest.links) {
    const std::string slug = slug_of_link(link);
    modules.see(slug, "configured", link.ref);
    if (slug.empty()) continue;
    Entry& entry = modules.entries[slug];
    entry.link =
        (link.directory.empty() ? "/etc/nginx/modules-enabled" : link.directory) + "/" + link.name;
    entry.target = link.target;
  }
}

void from_traces(const AnalyzerInput& in, Collector& modules) {
  const Digest& digest = in.digest;
  for (const LifeEvent& event : digest.life)
    if (event.life == parse::Life::kZoneLocked)
      modules.see(in.tables.owner("zone", event.subject), "zone", event.ref);
  for (const AbortText& abort : digest.aborts) {
    std::string slug = in.tables.owner("function", abort.function);
    if (slug.empty()) slug = in.tables.owner("path", abort.file);
    modules.see(slug, "assertion", abort.ref);
  }
  for (const KernelEvent& event : digest.kernel)
    if (is_module_file(event.object))
      modules.see(parse::module_slug(event.object), "kernel", event.ref);
  for (const StackFrame& frame : digest.frames) {
    std::string slug = in.tables.owner("function", frame.function);
    if (slug.empty() && is_module_file(frame.object))
      slug = parse::module_slug(file_name(frame.object));
    if (slug.empty()) slug = in.tables.owner("path", frame.file);
    if (!parse::is_core_module(slug)) modules.see(slug, "stack", frame.ref);
  }
  for (const auto& [index, hit] : digest.hits) {
    const std::string& id = in.patterns[index].id;
    if (id.starts_with("module-message/") && !hit.refs.empty())
      modules.see(id.substr(id.rfind('/') + 1), "message", hit.refs.front());
  }
  for (const ConfigPiece& piece : digest.configs)
    parse::walk(piece.config, [&](const parse::Directive& directive, const parse::BlockPath&) {
      const std::string slug = in.tables.owner("directive", directive.name);
      if (slug.empty() || modules.entries[slug].witness.count("directive")) return;
      model::SourceRef ref{"config", directive.file.empty() ? piece.ref.path : directive.file,
                           directive.line};
      ref.excerpt =
          directive.name + (directive.args.empty() ? "" : " " + std::string(directive.arg()));
      modules.see(slug, "directive", ref);
    });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The module's own version. Packages of nginx.org put that of nginx in front:
// "1.28.0+0.9.2-1~noble".
std::string own_version(std::string_view version) {
  if (const size_t colon = version.find(':'); colon != std::string_view::npos)
    version.remove_prefix(colon + 1);
  const size_t plus = version.find('+');
  if (plus == std::string_view::npos) return std::string(version);
  for (const char c : version.substr(0, plus))
    if (!is_digit(c) && c != '.') return std::string(version);
  const std::string_view rest = version.substr(plus + 1);
  const size_t dot = rest.find('.');
  const bool second =
      dot != std::string_view::npos && dot > 0 &&
      std::all_of(rest.begin(), rest.begin() + static_cast<ptrdiff_t>(dot), is_digit);
  return std::string(second ? rest : version);
}

// "0.10.13" of a source directory such as ".../lua-nginx-module-0.10.13" or
// "/src/naxsi-0.54/naxsi_src".
std::string version_of_path(std::string_view path) {
  std::string found;
  for (std::string_view part : base::split(path, '/')) {
    const size_t dash = part.rfind('-');
    if (dash == std::string_view::npos) continue;
    part.remove_prefix(dash + 1);
    if (part.size() > 1 && part[0] == 'v') part.remove_prefix(1);
    if (part.find('.') != std::string_view::npos && is_digit(part[0]) && is_digit(part.back()))
      found = part;
  }
  return found;
}

void from_source_paths(const AnalyzerInput& in, Collector& modules) {
  if (!in.digest.build) return;
  for (const std::string& argument : in.digest.build->configure_arguments) {
    const size_t at = argument.find('=');
    if (at == std::string::npos ||
        (!argument.starts_with("--add-module=") && !argument.starts_with("--add-dynamic-module=")))
      continue;
    const std::string path = argument.substr(at + 1);
    const std::string version = version_of_path(path);
    const std::string slug = parse::module_slug(path);
    if (slug.empty() || version.empty()) continue;
    if (Entry& entry = modules.entries[slug]; entry.version.empty()) entry.version = version;
  }
}

void from_packages(const AnalyzerInput& in, Collector& modules) {
  for (const ListedItem& item : in.digest.listed) {
    const std::string slug = parse::module_slug(item.name);
    if (slug.empty()) continue;
    modules.see(slug, "package", item.ref);
    Entry& entry = modules.entries[slug];
    entry.package = item.name;
    entry.version = own_version(item.version);
  }
}

// A distribution's package brings a dynamic module: installed, but seen nowhere else, it does
// nothing.
bool is_idle(const Entry& entry) {
  return entry.witness == std::set<std::string>{"package"} &&
         (entry.package.starts_with("libnginx-mod-") ||
          entry.package.starts_with("nginx-module-") || entry.package.starts_with("nginx-mod-"));
}

std::vector<std::string> with_witness(const Collector& modules, const char* witness) {
  std::vector<std::string> out;
  for (const auto& [slug, entry] : modules.entries)
    if (entry.witness.count(witness)) out.push_back(slug);
  return out;
}

std::vector<std::string> minus(const std::vector<std::string>& a,
                               const std::vector<std::string>& b) {
  std::vector<std::string> out;
  for (const std::string& slug : a)
    if (std::find(b.begin(), b.end(), slug) == b.end()) out.push_back(slug);
  return out;
}

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>& events) {
  const Digest& digest = in.digest;
  Collector modules;
  std::vector<std::string> replaced;
  std::vector<model::SourceRef> replaced_refs;
  from_memory(in, modules, replaced, replaced_refs);
  from_configuration(in, modules);
  if (digest.build)
    for (const std::string& slug : digest.build->static_modules)
      if (!parse::is_core_module(slug)) modules.see(slug, "static", digest.build_ref);
  from_packages(in, modules);
  from_source_paths(in, modules);
  from_traces(in, modules);

  const bool in_memory = !digest.mapped.empty();
  const model::Fact* complete_config = in.known.find("config.complete");
  const bool whole_config = complete_config && model::truthy(complete_config->value);
  std::vector<std::string> names, third_party;
  std::vector<model::SourceRef> refs;
  for (const auto& [slug, entry] : modules.entries) {
    if (entry.witness.empty()) continue;
    if ((in_memory || whole_config) && is_idle(entry)) continue;
    names.push_back(slug);
    if (!parse::is_core_module(slug)) third_party.push_back(slug);
    refs.push_back(entry.refs.front());
    const std::string prefix = "modules." + slug + ".";
    facts.put(prefix + "present", true, entry.refs);
    facts.put(prefix + "witness",
              std::vector<std::string>(entry.witness.begin(), entry.witness.end()), entry.refs);
    const auto put = [&, &seen = entry.refs](const char* name, const std::string& value) {
      if (!value.empty()) facts.put(prefix + name, value, seen);
    };
    put("version", entry.version);
    put("file", entry.file);
    put("link", entry.link);
    put("target", entry.target);
    put("package", entry.package);
  }
  const bool built = digest.build && digest.build->has_arguments;
  std::optional<model::SourceRef> looked;
  if (in_memory)
    looked = digest.mapped.front().ref;
  else if (whole_config)
    looked = complete_config->evidence.front();
  else if (built)
    looked = digest.build_ref;
  else if (!refs.empty())
    looked = refs.front();
  if (!looked) return;
  if (refs.empty()) refs.push_back(*looked);
  facts.put("modules.names", names, refs);
  facts.put("modules.third_party", third_party, refs);
  facts.put("modules.complete", (in_memory || whole_config) && built, *looked);
  const auto loaded = with_witness(modules, "loaded"),
             configured = with_witness(modules, "configured");
  if (in_memory) facts.put("modules.loaded", loaded, *looked);
  if (whole_config || !configured.empty()) facts.put("modules.configured", configured, refs);
  if (built) facts.put("modules.static", with_witness(modules, "static"), digest.build_ref);
  if (in_memory && whole_config) {
    facts.put("modules.configured_not_loaded", minus(configured, loaded), *looked);
    facts.put("modules.loaded_not_configured", minus(loaded, configured), *looked);
  }
  if (!replaced.empty()) facts.put("modules.replaced_on_disk", replaced, replaced_refs);
  for (const ListedItem& item : digest.listed)
    if (item.upgraded && (item.name.starts_with("nginx") || item.name.starts_with("libnginx")))
      events.push_back({model::EventKind::kPackage, item.upgraded, 0, 0, item.name,
                        item.name + " upgraded" +
                            (item.previous.empty() ? "" : " from " + item.previous) + " to " +
                            item.version,
                        item.ref});
}

}  // namespace

const Analyzer kModules = {"modules", "Which modules are built in, configured and really loaded?",
                           kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::analyze
