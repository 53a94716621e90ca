// What there is to look at, live or captured: the input of the whole diagnosis.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libdiag/base/time.h"
#include "libdiag/model/gap.h"
#include "libdiag/model/kinds.h"
#include "libdiag/model/process.h"
#include "libdiag/source/files.h"

namespace ngxdiag::source {

// A text to read once. `kind` is set when it is known where it came from or the user said so
// (--as); otherwise each run of lines is recognised by its content (recognise.h).
struct Document {
  std::string path;  // as shown: "error.log", "-", "journal of nginx.service"
  std::optional<model::Kind> kind;
  std::function<std::unique_ptr<ByteStream>(model::Gap&)>
      open;  // null + gap when it cannot be opened
};

// A document whose bytes are at hand.
Document text_document(std::string path, std::string text,
                       std::optional<model::Kind> kind = std::nullopt);

// A listening socket of this host to shake hands with, and the name to ask for ("" for none).
struct TlsTarget {
  std::string address;  // "127.0.0.1", "[::1]"
  int port = 0;
  std::string name;
};

// The certificate that each target serves, as DER, or why it could not be had.
using TlsProbe = std::function<std::vector<Fetched>(const std::vector<TlsTarget>&)>;

// One nginx: a master with its children, or "the evidence" when only files were given.
struct Instance {
  std::string id;          // "master 812", "container 3f2a… master 1", "" for files
  int64_t master_pid = 0;  // 0: no live master (files, or orphaned workers)
  std::vector<std::string>
      argv;         // of the master, before it was rewritten where /proc still shows it
  std::string exe;  // target of /proc/PID/exe, " (deleted)" kept
  std::string cwd;
  std::string unit;                    // systemd unit of its cgroup ("nginx.service"), or ""
  std::string container;               // container id of its cgroup, or ""
  std::string parent;                  // program that started the master: "supervisord", or ""
  std::shared_ptr<const Files> files;  // its root; never null
  bool stopped = false;                // installed on this host, and no process of it runs
  bool has_tree = false;  // `files` reaches its configuration and logs (a captured tree)
  TlsProbe tls_probe;     // null: handshakes are not possible (captured) or not wanted
  std::vector<model::Process> processes;
  std::vector<Document> documents;  // /proc/PID/maps, limits, journal of its unit …; for files: all
};

struct Evidence {
  std::string host;
  base::CivilTime now = 0;
  std::string zone;  // "+02:00", appended to `now` for RFC 3339; "" unknown
  bool live = false;
  bool privileged = false;      // read as root
  std::optional<int64_t> cpus;  // online CPUs (live only): what worker_processes auto counts
  std::vector<Instance> instances;
  std::vector<Document> host_documents;  // kernel log, package list … common to all instances
  std::vector<model::Gap> gaps;
};

}  // namespace ngxdiag::source
