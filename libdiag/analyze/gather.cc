#include "libdiag/analyze/gather.h"

#include <algorithm>
#include <set>

#include "libdiag/analyze/ingest.h"
#include "libdiag/base/limits.h"
#include "libdiag/base/text.h"
#include "libdiag/parse/nginx_config_query.h"
#include "libdiag/source/acme_places.h"

namespace ngxdiag::analyze {
namespace {

std::string under(const std::string& directory, std::string_view path) {
  if (path.empty() || path[0] == '/') return std::string(path);
  std::string out = directory;
  if (!out.empty() && out.back() != '/') out += '/';
  return out + std::string(path);
}

bool is_file_target(std::string_view target) {
  return !target.empty() && target != "stderr" && target != "off" && target != "/dev/null" &&
         target != "/dev/stderr" && target != "/dev/stdout" && !target.starts_with("syslog:") &&
         !target.starts_with("memory:") && !base::contains(target, "$");
}

source::Document file_document(const std::shared_ptr<const source::Files>& files,
                               const std::string& path, model::Kind kind) {
  return {path, kind, [files, path](model::Gap& gap) { return files->open(path, gap); }};
}

// Every error_log that the configuration names, then the built-in one: before the configuration is
// read, and for `nginx -s`, nginx writes there.
std::vector<std::string> error_logs(const parse::Config& config, const std::string& prefix,
                                    const std::string& built_in) {
  std::vector<std::string> out;
  const auto add = [&](std::string_view target) {
    if (!is_file_target(target)) return;
    std::string path = under(prefix, target);
    if (std::find(out.begin(), out.end(), path) == out.end()) out.push_back(std::move(path));
  };
  for (const parse::Placed& placed : parse::find_all(config, "error_log"))
    add(placed.directive->arg());
  add(built_in);
  return out;
}

// The --config-dir of certbot behind "/srv/le/live/NAME/fullchain.pem": "/srv/le".
std::string certbot_directory(std::string_view certificate) {
  const size_t live = certificate.rfind("/live/");
  if (!certificate.starts_with('/') || live == std::string_view::npos || live == 0) return {};
  return std::string(certificate.substr(0, live));
}

// Settings at unusual places, and the logs and scripts that settings name.
void add_acme_files(const source::Evidence& evidence, const source::Instance& instance,
                    Ingest& ingest) {
  const auto& files = instance.files;
  std::set<std::string> known;
  for (const auto* documents : {&instance.documents, &evidence.host_documents})
    for (const source::Document& document : *documents) known.insert(document.path);
  const auto add = [&](const source::Document& document) {
    if (known.size() < base::kMaxRecords && known.insert(document.path).second)
      ingest.add(document);
  };
  std::set<std::string> directories;
  for (const ConfigPiece& piece : ingest.peek().configs)
    for (const parse::Placed& placed : parse::find_all(piece.config, "ssl_certificate"))
      directories.insert(certbot_directory(placed.directive->arg()));
  for (const std::string& directory : directories)
    if (!directory.empty())
      for (const source::Document& document : source::certbot_documents(files, directory))
        add(document);
  std::vector<std::pair<std::string, model::Kind>> named;
  for (const AcmeFile& file : ingest.peek().acme_files)
    for (const parse::AcmeSetting& setting : file.settings.settings) {
      if (setting.key == "logs_dir")
        named.emplace_back(setting.value + "/letsencrypt.log", model::Kind::kAcmeLog);
      const bool hook =
          setting.key.ends_with("_hook") || setting.key == "HOOK" || setting.key == "Le_ReloadCmd";
      if (const std::string_view script = parse::script_of_hook(setting.value);
          hook && !script.empty())
        named.emplace_back(script, model::Kind::kRenewalConf);
    }
  constexpr int64_t kMaxScript = 256 << 10;
  for (const auto& [path, kind] : named) {
    const source::FileInfo info = files->info(path);
    const bool log = kind == model::Kind::kAcmeLog;
    if (info.exists && !info.directory && (log || info.size <= kMaxScript))
      add(file_document(files, path, kind));
  }
}

// The process table knows a start to the second; a container's clock may stand in another zone.
constexpr base::CivilTime kStartSlack = 2;

std::optional<base::CivilTime> start_of_master(const source::Instance& instance) {
  if (!instance.container.empty()) return std::nullopt;
  for (const model::Process& process : instance.processes)
    if (process.pid == instance.master_pid && process.started)
      return *process.started - kStartSlack;
  return std::nullopt;
}

// True when the configuration can be read from the host or the captured tree itself.
bool is_reachable(const source::Evidence& evidence, const source::Instance& instance) {
  return instance.files && (evidence.live || instance.has_tree);
}

struct OwnLogs {
  std::vector<std::string> paths;
  std::string built_in;
};

// Reads the configuration of `instance` as its master does; the error logs that it names.
OwnLogs add_own_configuration(const source::Instance& instance, Ingest& ingest) {
  const CommandLine command = parse_command_line(instance.argv);
  const std::optional<parse::NginxBuild>& build = ingest.peek().build;
  const auto built = [&](std::string parse::NginxBuild::*member, const char* otherwise) {
    return build && build->has_arguments && !((*build).*member).empty() ? (*build).*member
                                                                        : std::string(otherwise);
  };
  // Where the binary tells nothing (no rights, another format) the defaults of auto/options and
  // of the distributions' packages are tried, and said so.
  std::string prefix = command.prefix.empty()
                           ? built(&parse::NginxBuild::prefix, "/usr/local/nginx")
                           : under(instance.cwd, command.prefix);
  std::string conf = command.conf.empty()
                         ? built(&parse::NginxBuild::conf_path, "/etc/nginx/nginx.conf")
                         : command.conf;
  // A relative -c is relative to the prefix (ngx_process_options, ngx_conf_full_name).
  conf = under(prefix, conf);
  const auto files = instance.files;
  const parse::ConfigReader reader{
      [files](const std::string& path) { return files->read(path).bytes; },
      [files](const std::string& pattern) { return files->glob(pattern); }};
  ConfigPiece piece{parse::load_config(reader, prefix, conf), {"config", conf}};
  if (!command.globals.empty()) {
    parse::Config globals = parse::parse_config(command.globals, "-g");
    for (parse::Directive& directive : globals.directives)
      piece.config.directives.push_back(std::move(directive));
  }
  const bool readable = !piece.config.files.empty() && instance.files->info(conf).exists;
  if (!readable) {
    const model::Gap why = instance.files->read(conf).gap;
    ingest.note({conf, why.why.empty() ? "not readable" : why.why});
  }
  std::string built_in =
      command.error_log.empty() ? built(&parse::NginxBuild::error_log_path, "") : command.error_log;
  OwnLogs logs{error_logs(piece.config, prefix, built_in), built_in};
  if (readable) ingest.add_config(std::move(piece));
  return logs;
}

}  // namespace

CommandLine parse_command_line(const std::vector<std::string>& argv) {
  CommandLine out;
  for (size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    if (word.size() < 2 || word[0] != '-') continue;
    for (size_t at = 1; at < word.size(); ++at) {
      const char option = word[at];
      std::string* target = option == 'p'   ? &out.prefix
                            : option == 'c' ? &out.conf
                            : option == 'e' ? &out.error_log
                            : option == 'g' ? &out.globals
                                            : nullptr;
      if (!target) continue;  // -t -T -q -v -V -h: flags; others end nginx
      if (at + 1 < word.size())
        *target = word.substr(at + 1);
      else if (i + 1 < argv.size())
        *target = argv[++i];
      break;
    }
  }
  return out;
}

Digest gather_digest(const source::Evidence& evidence, const source::Instance& instance,
                     const std::vector<model::LinePattern>& patterns) {
  Ingest ingest(patterns, evidence.now);
  if (evidence.live || !instance.processes.empty()) ingest.set_processes(instance.processes);
  if (instance.stopped) ingest.set_stopped();
  if (evidence.live)
    if (const auto start = start_of_master(instance))
      ingest.ignore_before(*start, *start + 2 * kStartSlack);
  for (const source::Document& document : instance.documents) ingest.add(document);
  const bool reachable = is_reachable(evidence, instance);
  if (reachable) {
    const auto files = instance.files;
    const auto [logs, built_in] = add_own_configuration(instance, ingest);
    const auto given = [&](const std::string& path) {
      return std::any_of(instance.documents.begin(), instance.documents.end(),
                         [&](const source::Document& document) { return document.path == path; });
    };
    for (const std::string& log : logs) {
      // The rotated neighbour holds the beginning of what went on over night.
      const std::string rotated = log + ".1";
      if (!given(rotated) && instance.files->info(rotated).regular)
        ingest.add(file_document(files, rotated, model::Kind::kErrorLog));
      if (log == built_in && !instance.files->info(log).exists && logs.size() > 1) continue;
      if (!given(log)) ingest.add(file_document(files, log, model::Kind::kErrorLog));
    }
  }
  for (const source::Document& document : evidence.host_documents) ingest.add(document);
  if (reachable) add_acme_files(evidence, instance, ingest);
  // A dump names its files; a fragment that was handed over names nothing but itself.
  for (const ConfigPiece& piece : ingest.peek().configs) {
    const auto& names = piece.config.files;
    const bool dump = !reachable && !names.empty() && names.front().starts_with('/');
    ingest.add_certificates(gather_certificates(evidence, instance, piece.config,
                                                dump ? names.front() : piece.ref.path,
                                                ingest.peek().given_certificates));
  }
  return ingest.finish(!instance.container.empty());
}

Digest gather_configuration(const source::Evidence& evidence, const source::Instance& instance) {
  static const std::vector<model::LinePattern> kNone;
  Ingest ingest(kNone, evidence.now);
  if (evidence.live || !instance.processes.empty()) ingest.set_processes(instance.processes);
  for (const source::Document& document : instance.documents) {
    const model::Kind kind = document.kind.value_or(model::Kind::kUnknown);
    if (kind == model::Kind::kUnknown || kind == model::Kind::kConfig ||
        kind == model::Kind::kNginxVersion || kind == model::Kind::kLimits ||
        kind == model::Kind::kMaps)
      ingest.add(document);
  }
  if (is_reachable(evidence, instance)) add_own_configuration(instance, ingest);
  return ingest.finish(!instance.container.empty());
}

}  // namespace ngxdiag::analyze
