#include "libdiag/analyze/configuration.h"

#include "libdiag/base/text.h"
#include "libdiag/parse/nginx_config_query.h"
#include "libdiag/parse/nginx_config_zones.h"

namespace ngxdiag::analyze {
namespace {

using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"config.seen", Unit::kNone, "some configuration was looked at"},
    {"config.complete", Unit::kNone,
     "a whole configuration was seen: an absent directive is really absent"},
    {"config.file", Unit::kNone, "main configuration file, by its path on the host"},
    {"config.files", Unit::kCount, "files read"},
    {"config.servers", Unit::kCount, "server blocks"},
    {"config.worker_processes", Unit::kCount,
     "workers of one generation (auto: the CPUs of the host)"},
    {"config.worker_processes_auto", Unit::kNone, "worker_processes is auto"},
    {"config.worker_connections", Unit::kCount, "worker_connections as configured"},
    {"config.worker_shutdown_timeout", Unit::kSeconds, "worker_shutdown_timeout as configured"},
    {"config.problems", Unit::kNone, "what nginx would refuse in the text"},
    {"config.zones", Unit::kNone, "shared memory zones that the configuration declares"},
    {"config.directive.*", Unit::kNone, "arguments of each occurrence of the directive"},
};

model::SourceRef at(const parse::Directive& directive, const ConfigPiece& piece) {
  model::SourceRef ref{"config", directive.file.empty() ? piece.ref.path : directive.file,
                       directive.line};
  ref.excerpt = directive.name;
  for (const parse::ConfigArg& arg : directive.args) ref.excerpt += " " + arg.value;
  ref.excerpt = base::shorten(ref.excerpt, model::kExcerptBytes);
  return ref;
}

std::string arguments(const parse::Directive& directive) {
  std::string out;
  for (const parse::ConfigArg& arg : directive.args) {
    if (!out.empty()) out += ' ';
    out += arg.value;
  }
  return base::shorten(out, model::kExcerptBytes);
}

// Where the configuration lies on the host it is of: a file that was handed over may lie anywhere,
// but `nginx -T` names its files, and the binary its default.
std::string host_path(const AnalyzerInput& in, const ConfigPiece& piece) {
  if (in.evidence.live || in.instance.has_tree) return piece.ref.path;
  const auto& files = piece.config.files;
  if (!files.empty() && files.front() != piece.ref.path && files.front().starts_with('/'))
    return files.front();
  return in.digest.build ? in.digest.build->conf_path : std::string();
}

struct Occurrences {
  std::vector<std::string> values;
  std::vector<model::SourceRef> refs;
};

// A configuration of 5,000 servers repeats its directives; rules need to see variety, not volume.
constexpr size_t kMaxValues = 1000;

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  const Digest& digest = in.digest;
  if (digest.configs.empty()) return;
  std::map<std::string, Occurrences, std::less<>> directives;
  bool complete = false;
  int64_t files = 0, servers = 0;
  std::vector<std::string> problems, zones;
  std::vector<model::SourceRef> problem_refs, zone_refs;
  for (const ConfigPiece& piece : digest.configs) {
    complete = complete || piece.config.complete;
    files += static_cast<int64_t>(piece.config.files.size());
    parse::walk(piece.config, [&](const parse::Directive& directive, const parse::BlockPath&) {
      if (directive.name == "server" && directive.block) ++servers;
      Occurrences& seen = directives[directive.name];
      if (seen.values.size() < kMaxValues) seen.values.push_back(arguments(directive));
      if (seen.refs.size() < model::FactSet::kMaxRefs) seen.refs.push_back(at(directive, piece));
    });
    for (const parse::ConfigProblem& problem : piece.config.problems) {
      problems.push_back(problem.says);
      problem_refs.push_back(
          {"config", problem.file.empty() ? piece.ref.path : problem.file, problem.line});
    }
    for (const parse::SharedZone& zone : parse::shared_zones(piece.config)) {
      zones.push_back(zone.name);
      if (zone.where) zone_refs.push_back(at(*zone.where, piece));
    }
  }
  const model::SourceRef& whole = digest.configs.front().ref;
  facts.put("config.seen", true, whole);
  facts.put("config.complete", complete, whole);
  const std::string main_file = host_path(in, digest.configs.front());
  if (!main_file.empty()) facts.put("config.file", main_file, whole);
  facts.put("config.files", files, whole);
  if (complete) facts.put("config.servers", servers, whole);
  if (!problems.empty()) facts.put("config.problems", problems, problem_refs);
  if (!zones.empty())
    facts.put("config.zones", zones, zone_refs.empty() ? std::vector{whole} : zone_refs);
  for (auto& [name, seen] : directives)
    if (!name.empty()) facts.put("config.directive." + name, seen.values, seen.refs);

  const auto first = [&](std::string_view name) -> const Occurrences* {
    const auto it = directives.find(name);
    return it == directives.end() || it->second.values.empty() ? nullptr : &it->second;
  };
  if (const Occurrences* workers = first("worker_processes")) {
    const bool automatic = workers->values[0].starts_with("auto");
    facts.put("config.worker_processes_auto", automatic, workers->refs);
    if (const auto count = base::parse_int(workers->values[0]))
      facts.put("config.worker_processes", *count, workers->refs);
    else if (automatic && in.evidence.cpus)
      facts.put("config.worker_processes", *in.evidence.cpus, workers->refs);
  } else if (complete) {
    facts.put("config.worker_processes", int64_t{1},
              whole);  // nginx's default (ngx_core_module_init_conf)
    facts.put("config.worker_processes_auto", false, whole);
  }
  if (const Occurrences* connections = first("worker_connections")) {
    if (const auto count = base::parse_int(connections->values[0]))
      facts.put("config.worker_connections", *count, connections->refs);
  }
  if (const Occurrences* timeout = first("worker_shutdown_timeout"))
    if (const auto seconds = base::parse_seconds(timeout->values[0]))
      facts.put("config.worker_shutdown_timeout", *seconds, timeout->refs);
}

}  // namespace

const Analyzer kConfiguration = {"configuration", "What does the configuration say?", kSpecs,
                                 std::size(kSpecs), run};

}  // namespace ngxdiag::analyze
