// Everything that one pass over the evidence of one nginx yields: records, bounded in number, which
// the analyzers turn into facts. Nothing here keeps the text that was read.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "libdiag/analyze/certificate_evidence.h"
#include "libdiag/model/gap.h"
#include "libdiag/model/kinds.h"
#include "libdiag/model/pattern.h"
#include "libdiag/model/process.h"
#include "libdiag/parse/acme_log.h"
#include "libdiag/parse/acme_settings.h"
#include "libdiag/parse/error_log.h"
#include "libdiag/parse/firewall.h"
#include "libdiag/parse/kernel_log.h"
#include "libdiag/parse/nginx_build.h"
#include "libdiag/parse/nginx_config.h"
#include "libdiag/parse/resolv_conf.h"
#include "libdiag/parse/sockets.h"
#include "libdiag/parse/system_log.h"

namespace ngxdiag::analyze {

// A life-cycle or crash line of the error log that counts (forged ones do not come here).
struct LifeEvent {
  parse::Life life = parse::Life::kNone;
  std::optional<base::CivilTime> time;
  std::string subject;  // "worker process", zone name …
  int64_t child = 0;    // 0: not printed
  int number = 0;       // signal or code
  bool core = false;
  int64_t writer = 0;  // pid that wrote the line
  size_t order = 0;    // position in the pass, for what has no time
  model::SourceRef ref;
};

// An untimestamped abort text of libc or Lua in the error log.
struct AbortText {
  std::string kind;  // "assertion" or parse::abort_text_kind
  std::string title, file, function, expression;
  int line = 0;
  size_t order = 0;
  std::optional<base::CivilTime> near;  // time of the line before it
  model::SourceRef ref;
};

// An emerg or alert line that is no life-cycle line.
struct Trouble {
  parse::Level level = parse::Level::kNone;
  std::optional<base::CivilTime> time;
  int64_t pid = 0;
  bool stderr_form = false;
  std::string message;
  model::SourceRef ref;
};

struct KernelEvent {
  parse::KernelKind kind = parse::KernelKind::kOther;
  std::optional<base::CivilTime> time;
  std::string process, object, trap;
  int64_t pid = 0, rss = 0;
  uint64_t address = 0, ip = 0, base = 0;
  int error = -1;
  model::SourceRef ref;
};

struct StackFrame {
  int number = -1;
  std::string function, arguments, file, object;
  bool kernel = false;  // of /proc/PID/stack
  model::SourceRef ref;
};

struct AcmeRecord {
  parse::AcmeEvent event = parse::AcmeEvent::kNone;
  std::optional<base::CivilTime> time;
  std::string client, domain, error_type;
  int status = 0;
  model::SourceRef ref;
};

// A settings file, hook or crontab of an ACME client.
struct AcmeFile {
  parse::AcmeSettings settings;
  parse::HookAction action;  // of the whole text
  std::vector<parse::AcmeSchedule> schedules;
  std::vector<std::string> names;  // of dehydrated's domains.txt
  bool script = false;             // begins with "#!"
  model::SourceRef ref;
};

// A row of a listing of a directory of hooks or timers.
struct ListedFile {
  std::string directory, name, mode, target;
  model::SourceRef ref;
};

struct SocketRecord {
  parse::SocketLine socket;  // a listener
  model::SourceRef ref;
};

struct FirewallRules {
  parse::Firewall firewall;
  model::SourceRef ref;
};

struct ResolvConfFile {
  parse::ResolvConf conf;
  model::SourceRef ref;
};

struct UnitRecord {
  parse::UnitEvent event = parse::UnitEvent::kNone;
  std::optional<base::CivilTime> time;
  std::string unit, detail;
  int64_t pid = 0;
  model::SourceRef ref;
};

struct ListedItem {
  std::string name, version, previous;
  std::optional<base::CivilTime> upgraded;
  model::SourceRef ref;
};

// A row of a listing of a modules-enabled directory.
struct ModuleLink {
  std::string directory, name, target;
  model::SourceRef ref;
};

struct MappedModule {
  std::string path;
  bool deleted = false;
  model::SourceRef ref;
};

struct ConfigPiece {
  parse::Config config;
  model::SourceRef ref;
};

struct DocumentStats {
  std::string path;
  std::map<model::Kind, int64_t> lines;
  std::optional<base::CivilTime> first, last;  // of the error-log lines in it
};

struct Digest {
  std::vector<LifeEvent> life;
  int64_t life_dropped = 0;  // beyond the bound: counted, not kept
  std::vector<AbortText> aborts;
  std::vector<Trouble> troubles;
  std::vector<KernelEvent> kernel;
  std::vector<StackFrame> frames;
  std::vector<AcmeRecord> acme;
  std::vector<AcmeFile> acme_files;
  std::vector<ListedFile> listed_files;
  std::map<std::string, model::SourceRef> listed_directories;  // also those without a row
  std::vector<SocketRecord> sockets;
  bool udp_sockets_seen = false;             // a table that shows UDP as well
  std::map<std::string, int64_t> time_wait;  // connections in TIME-WAIT by peer
  std::optional<int64_t> time_wait_total;
  std::optional<int64_t> local_ports;  // how many ip_local_port_range leaves
  model::SourceRef time_wait_ref;
  std::vector<FirewallRules> firewalls;
  std::vector<ResolvConfFile> resolv_confs;
  std::vector<UnitRecord> units;
  std::vector<ListedItem> listed;
  std::vector<ModuleLink> links;
  std::vector<MappedModule> mapped;
  std::vector<ConfigPiece> configs;
  std::vector<GivenCertificates> given_certificates;
  CertificateEvidence certificates;
  std::optional<parse::NginxBuild> build;
  model::SourceRef build_ref;
  std::vector<model::Process> processes;
  bool stopped = false;        // this host has nginx installed, and no process of it runs
  bool process_table = false;  // a table was seen (processes may still be empty)
  model::SourceRef process_ref;
  std::optional<int64_t> counted;  // "pgrep nginx | wc -l"
  model::SourceRef counted_ref;
  std::optional<int64_t> nofile;  // soft limit of open files
  model::SourceRef nofile_ref;

  int64_t past_deaths = 0;    // of a master before the one that runs
  model::SourceRef past_ref;  // the last of them

  std::vector<LifeEvent> forged;  // life-cycle lines that were not believed
  int64_t forged_count = 0;

  std::map<size_t, model::PatternHit> hits;      // by index into the patterns
  std::map<model::Kind, model::SourceRef> seen;  // kinds of which at least one line was looked at
  std::vector<DocumentStats> documents;
  std::vector<model::Gap> gaps;

  // Which pid was what, by the log's own life-cycle lines.
  struct PidRole {
    bool master = false, worker = false, graceful = false, signaller = false, cache = false;
  };
  std::unordered_map<int64_t, PidRole> pids;
};

}  // namespace ngxdiag::analyze
