#include "libdiag/source/host.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "libdiag/base/text.h"
#include "libdiag/source/cgroup.h"
#include "libdiag/source/command.h"
#include "libdiag/source/host_processes.h"
#include "libdiag/source/host_sockets.h"
#include "libdiag/source/kernel_messages.h"
#include "libdiag/source/local_time.h"
#include "libdiag/source/network_places.h"
#include "libdiag/source/packages.h"
#include "libdiag/source/proc_table.h"
#include "libdiag/source/process_files.h"
#include "libdiag/source/process_groups.h"
#include "libdiag/source/refusal.h"
#include "libdiag/source/stopped.h"
#include "libdiag/source/surroundings.h"
#include "libdiag/source/tls_probe.h"
#include "libdiag/source/watchdog.h"

namespace ngxdiag::source {
namespace {

using namespace std::chrono_literals;
using model::Gap;
using model::Kind;
using model::Process;
using model::Role;

constexpr auto kDetailsLimit = 500ms;
constexpr auto kFileLimit = 400ms;
constexpr auto kJournalLimit = 8000ms;
constexpr auto kSocketsLimit = 1500ms;
constexpr size_t kSocketsCountedFor = 64;  // workers
constexpr const char* kJournalctl = "/usr/bin/journalctl";

// Counts and waits of one process after the other: cheap, but each a look into /proc.
class DetailReader {
 public:
  explicit DetailReader(std::string proc) : proc_(std::move(proc)) {}

  void operator()(Process& p) {
    if (p.state == 'Z') return;
    const std::string directory = directory_of(proc_, p.pid);
    p.wchan = waits_in(directory);
    p.fds = count_descriptors(directory);
    if (p.role != Role::kShuttingDown || counted_ == kSocketsCountedFor) return;
    ++counted_;
    const std::string network = proc_link(directory + "/ns/net");
    auto known = established_.find(network);
    if (known == established_.end())
      known = established_.emplace(network, established_inodes(directory)).first;
    p.sockets = count_held(directory, known->second);
  }

 private:
  std::string proc_;
  std::map<std::string, std::set<uint64_t>> established_;  // by network namespace
  size_t counted_ = 0;
};

// A sound master waits in sigsuspend(2) for signals; anything else that lasts is worth its stack.
bool is_stuck(const Process& p) {
  if (p.state == 'D') return true;
  return p.state == 'S' && !p.wchan.empty() && p.wchan.find("sigsuspend") == std::string::npos &&
         p.wchan.find("sigtimedwait") == std::string::npos;
}

void add_journal(const HostOptions& options, Instance& instance) {
  if (instance.unit.empty() || ::access(kJournalctl, X_OK) != 0) return;
  const std::string name = "journal of " + instance.unit;
  const std::string since = "-" + std::to_string(options.journal_days) + "d";
  instance.documents.push_back({name, std::nullopt,
                                command_output({kJournalctl, "-q", "--no-pager", "-o", "short-iso",
                                                "--since", since, "-u", instance.unit},
                                               kJournalLimit, name)});
}

void add_master_documents(const std::string& proc, const HostOptions& options, Instance& instance) {
  auto& documents = instance.documents;
  const int64_t master = instance.master_pid;
  const auto of_role = [&](Role role) {
    return std::find_if(instance.processes.begin(), instance.processes.end(),
                        [&](const Process& p) { return p.role == role && p.pid != master; });
  };
  auto worker = of_role(Role::kWorker);
  if (worker == instance.processes.end()) worker = of_role(Role::kShuttingDown);
  const int64_t first = master                       ? master
                        : instance.processes.empty() ? 0
                                                     : instance.processes.front().pid;
  if (first) {
    documents.push_back(running_binary(proc, first));
    documents.push_back(process_file(proc, first, "maps", Kind::kMaps));
    documents.push_back(process_file(proc, first, "limits", Kind::kLimits));
  }
  if (worker != instance.processes.end() && worker->pid != first)
    documents.push_back(process_file(proc, worker->pid, "maps", Kind::kMaps));
  // The kernel's side of whoever waits for a lock: the master, and one of the children it forked
  // last.
  if (::geteuid() == 0) {
    for (const Process& p : instance.processes)
      if (p.pid == master && is_stuck(p))
        documents.push_back(process_file(proc, p.pid, "stack", Kind::kBacktrace));
    if (const auto untitled = of_role(Role::kUntitled); untitled != instance.processes.end())
      documents.push_back(process_file(proc, untitled->pid, "stack", Kind::kBacktrace));
  }
  if (proc != "/proc") return;
  for (Document& file : unit_files(instance.files, instance.unit))
    documents.push_back(std::move(file));
  add_journal(options, instance);
}

// It failed to start, or somebody stopped it: its files, its journal and whoever holds its ports.
std::optional<Instance> installed_but_stopped(const HostOptions& options) {
  auto instance = stopped_instance(host_files(""));
  if (!instance) return instance;
  if (auto sockets = within<std::optional<Document>>(
          kSocketsLimit, [] { return socket_table("/proc", "/proc/self", true); });
      sockets && *sockets)
    instance->documents.push_back(std::move(**sockets));
  add_journal(options, *instance);
  return instance;
}

// What the container's runtime kept of its standard streams.
void add_container_logs(Instance& instance) {
  if (instance.container.empty()) return;
  const auto host = host_files("");
  const std::string docker =
      "/var/lib/docker/containers/" + instance.container + "/" + instance.container + "-json.log";
  if (host->info(docker).exists) instance.documents.push_back(file_document(host, docker));
  for (const std::string& path : host->glob("/var/log/containers/*-" + instance.container + ".log"))
    instance.documents.push_back(file_document(host, path));
}

Instance make_instance(const std::string& proc, const HostOptions& options, const Process* master,
                       std::vector<Process> processes, std::vector<Gap>& gaps) {
  Instance out;
  const Process* first = master ? master : processes.empty() ? nullptr : &processes.front();
  if (first) {
    const std::string directory = directory_of(proc, first->pid);
    out.exe = proc_link(directory + "/exe");
    out.cwd = proc_link(directory + "/cwd");
    out.unit = unit_of_cgroup(first->cgroup);
    out.container = container_of_cgroup(first->cgroup);
    // Our loopback is another's in a network namespace of its own.
    if (options.probe && proc == "/proc") {
      const std::string network = proc_link(directory + "/ns/net");
      if (!network.empty() && network == proc_link("/proc/self/ns/net"))
        out.tls_probe = probe_tls;
      else
        gaps.push_back({"certificates served by process " + std::to_string(first->pid),
                        network.empty() ? "permission denied: run as root"
                                        : "it lives in a network namespace of its own"});
    }
    const bool elsewhere = lives_elsewhere(proc, first->pid) || proc != "/proc";
    out.files = host_files(elsewhere ? directory + "/root" : "");
    if (!elsewhere) out.container.clear();  // it is the one we run in
    if (out.exe.empty() && first->state != 'Z')
      gaps.push_back(
          {"/proc/" + std::to_string(first->pid) + "/exe", "permission denied: run as root"});
    if (elsewhere && ::access((directory + "/root/.").c_str(), X_OK) != 0)
      gaps.push_back(
          {"files of process " + std::to_string(first->pid) + ", which lives in a root of its own",
           "permission denied: run as root"});
  } else {
    out.files = host_files("");
  }
  if (master) {
    out.master_pid = master->pid;
    const std::string comm = proc_text(directory_of(proc, master->ppid) + "/comm");
    out.parent = std::string(base::trim(comm));
    out.argv = arguments_of_title(master->title);
    const std::string raw = proc_text(directory_of(proc, master->pid) + "/cmdline");
    if (out.argv.empty())
      for (const std::string_view word : base::split(raw, '\0'))
        if (!word.empty()) out.argv.emplace_back(word);
    out.id = "master " + std::to_string(master->pid);
    if (!out.container.empty()) out.id = "container " + out.container.substr(0, 12) + " " + out.id;
  } else {
    out.id = "orphaned workers";
  }
  out.processes = std::move(processes);
  if (first && first->state != 'Z') {
    const std::string directory = directory_of(proc, first->pid);
    const std::string network = proc_link(directory + "/ns/net");
    const bool own = !network.empty() && network == proc_link("/proc/self/ns/net");
    auto sockets = within<std::optional<Document>>(
        kSocketsLimit, [=] { return socket_table(proc, directory, own); });
    if (sockets && *sockets) out.documents.push_back(std::move(**sockets));
  }
  const auto files = out.files;
  auto network =
      within<std::vector<Document>>(kFileLimit, [files] { return network_documents(files); });
  if (network && proc == "/proc")
    std::move(network->begin(), network->end(), std::back_inserter(out.documents));
  add_master_documents(proc, options, out);
  add_container_logs(out);
  return out;
}

void add_kernel_log(const HostOptions& options, Evidence& out) {
  const auto host = host_files("");
  const FileInfo kern = host->info("/var/log/kern.log");
  const base::CivilTime since = options.now - int64_t{options.journal_days} * 86400;
  if (kern.exists && kern.modified >= since) {
    out.host_documents.push_back(file_document(host, "/var/log/kern.log", Kind::kKernelLog));
    return;
  }
  if (::access(kJournalctl, X_OK) == 0) {
    Gap gap;
    const bool kept = !host->list("/var/log/journal", gap).empty() ||
                      !host->list("/run/log/journal", gap).empty();
    if (kept) {
      const std::string name = "journal of the kernel";
      out.host_documents.push_back(
          {name, Kind::kKernelLog,
           command_output({kJournalctl, "-q", "--no-pager", "-o", "short-iso", "--since",
                           "-" + std::to_string(options.journal_days) + "d", "-k"},
                          kJournalLimit, name)});
      return;
    }
  }
  const std::string stat = proc_text("/proc/stat");
  const size_t at = stat.find("\nbtime ");
  const auto boot = at == std::string::npos
                        ? std::nullopt
                        : base::parse_int(stat.substr(at + 7, stat.find('\n', at + 7) - at - 7));
  std::string why = "the time of boot is unknown";
  const auto messages = boot ? kernel_messages("/dev/kmsg", local_civil(*boot), why) : std::nullopt;
  if (messages)
    out.host_documents.push_back(text_document("/dev/kmsg", *messages, Kind::kKernelLog));
  else
    out.gaps.push_back({"kernel log", why});
}

}  // namespace

Evidence gather_host(const HostOptions& options) {
  Evidence out;
  out.host = options.host;
  out.now = options.now;
  out.live = true;
  out.privileged = ::geteuid() == 0;
  if (const long cpus = ::sysconf(_SC_NPROCESSORS_ONLN); cpus > 0) out.cpus = cpus;
  const bool real = options.proc == "/proc";
  std::vector<Process> processes;
  if (real) {
    processes = host_processes(options.now, out.gaps);
  } else {
    for (TableRow& row : proc_table(options.proc, options.now, out.gaps))
      processes.push_back(std::move(row.process));
  }
  const std::string proc = options.proc;
  size_t undone = 0;
  processes = each_within<Process>(
      kDetailsLimit, std::move(processes), [proc] { return DetailReader(proc); }, undone);
  if (undone)
    out.gaps.push_back({"descriptors and waits of " + std::to_string(undone) + " nginx processes",
                        "a process stuck in the kernel did not answer"});

  std::vector<Process> single;
  for (const Process& p : processes)
    if (is_single_process(p) && std::none_of(processes.begin(), processes.end(),
                                             [&](const Process& q) { return q.pid == p.ppid; }))
      single.push_back(p);
  Groups groups = grouped(std::move(processes));
  for (auto& [pid, members] : groups.by_master) {
    if (options.only_pid && options.only_pid != pid) continue;
    const auto master = std::find_if(members.begin(), members.end(),
                                     [pid = pid](const Process& p) { return p.pid == pid; });
    const Process copy = *master;
    out.instances.push_back(make_instance(proc, options, &copy, std::move(members), out.gaps));
  }
  for (const Process& p : single) {
    if (options.only_pid ? options.only_pid != p.pid : !groups.by_master.empty()) continue;
    out.instances.push_back(make_instance(proc, options, &p, {p}, out.gaps));
    out.instances.back().id = "process " + std::to_string(p.pid);
  }
  if (!groups.orphans.empty() && !options.only_pid)
    out.instances.push_back(
        make_instance(proc, options, nullptr, std::move(groups.orphans), out.gaps));

  if (real && out.instances.empty() && !options.only_pid)
    if (auto stopped = installed_but_stopped(options)) out.instances.push_back(std::move(*stopped));

  if (real) {
    add_kernel_log(options, out);
    out.host_documents = [&] {
      auto documents = surroundings(host_files(""));
      std::move(out.host_documents.begin(), out.host_documents.end(),
                std::back_inserter(documents));
      return documents;
    }();
    constexpr const char* kRpm = "/usr/bin/rpm";
    if (::access(kRpm, X_OK) == 0 && !host_files("")->info("/var/lib/dpkg/status").exists)
      out.host_documents.push_back(
          {"installed packages", Kind::kModules,
           command_output({kRpm, "-qa", "--qf", "%{NAME} %{VERSION}-%{RELEASE}\n", "nginx*",
                           "openresty*", "angie*"},
                          kJournalLimit, "installed packages")});
  }
  // A container has packages and ACME clients of its own.
  for (Instance& instance : out.instances)
    if (!instance.container.empty()) {
      const auto files = instance.files;
      auto found =
          within<std::vector<Document>>(kFileLimit, [files] { return surroundings(files); });
      if (found) std::move(found->begin(), found->end(), std::back_inserter(instance.documents));
    }
  if (!out.privileged)
    out.gaps.push_back({"the whole host",
                        "not run as root: descriptors, maps and logs of other users stay unseen"});
  return out;
}

namespace {

// Files of a captured tree are judged like any that were given.
void add_captured(const std::shared_ptr<const Files>& files, const std::string& path,
                  Instance& instance, std::vector<Gap>& gaps) {
  constexpr size_t kHead = 8192;
  Gap gap;
  const auto stream = names_private_key(path) ? nullptr : files->open(path, gap);
  if (!stream && !gap.why.empty()) return gaps.push_back(gap);
  const std::string head = stream ? read_some(*stream, kHead) : "";
  if (const auto why = refusal(path, head, false)) return gaps.push_back({path, *why});
  instance.documents.push_back(file_document(files, path));
}

}  // namespace

Evidence gather_root(const std::string& directory, base::CivilTime now, const std::string& host) {
  constexpr size_t kMaxTopFiles = 200;
  Evidence out;
  out.host = host;
  out.now = now;
  out.privileged = ::geteuid() == 0;
  Instance instance;
  const auto files = host_files(directory);
  instance.files = files;
  instance.has_tree = true;
  Gap gap;
  const auto top = files->list("/", gap);
  if (!gap.why.empty()) out.gaps.push_back({directory, gap.why});
  for (const auto* place : {"/var/log/nginx/*", "/var/log/kern.log*", "/var/log/syslog*",
                            "/var/log/messages*", "/var/log/dmesg"})
    for (const std::string& path : files->glob(place))
      if (!files->info(path).directory) add_captured(files, path, instance, out.gaps);
  for (Document& document : surroundings(files)) instance.documents.push_back(std::move(document));
  for (Document& document : network_documents(files))
    instance.documents.push_back(std::move(document));
  for (Document& file : unit_files(files, "nginx.service"))
    instance.documents.push_back(std::move(file));
  size_t taken = 0;
  for (const std::string& name : top)
    if (files->info("/" + name).regular && taken++ < kMaxTopFiles)
      add_captured(files, "/" + name, instance, out.gaps);
  if (files->info("/proc").directory) {
    std::vector<Gap> ignored;  // an empty /proc of an image is nothing to speak of
    for (TableRow& row : proc_table(directory + "/proc", now, ignored))
      instance.processes.push_back(std::move(row.process));
    if (auto sockets = socket_table(directory + "/proc", directory + "/proc", true)) {
      sockets->path = "sockets of /proc";
      instance.documents.push_back(std::move(*sockets));
    }
  }
  out.instances.push_back(std::move(instance));
  return out;
}

}  // namespace ngxdiag::source
