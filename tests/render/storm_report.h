// A finished report as the engine would hand it over: the nchan storm with its effects, a rival, an
// advisory and hostile bytes in the evidence.
#pragma once

#include "libdiag/base/time.h"
#include "libdiag/model/report.h"

namespace ngxdiag {

inline model::SourceRef at(std::string path, int64_t line, const char* time = nullptr,
                           int64_t pid = 0) {
  model::SourceRef ref{.kind = "error_log", .path = std::move(path), .line = line, .pid = pid};
  if (time) ref.time = base::parse_civil(time);
  return ref;
}

inline model::Report storm_report() {
  using namespace model;
  Report report;
  report.generated = "2026-04-22T09:00:00+02:00";
  report.host = "web1";
  report.verdict = Verdict::kCritical;
  report.summary = "No worker serves: every new worker dies as it starts.";

  Finding nchan;
  nchan.id = "nchan-worker-slots-exhausted";
  nchan.kind = "cause";
  nchan.cause = "nchan-worker-slots-exhausted";
  nchan.component = "nchan";
  nchan.severity = Severity::kCritical;
  nchan.confidence = 0.99;
  nchan.title = "Nchan has no worker slot left after 14 reloads";
  nchan.explanation =
      "Nchan keeps 1024 process slots in shared memory. Each reload takes as many as there are "
      "workers and, "
      "while an old worker is still finishing, gives none back.";
  nchan.evidence = {
      {"14 reloads since the start", 6, at("letsencrypt.log", 7), "reloads"},
      {"2,361 workers died on signal 6 between 23:18:20 and 23:18:52", 20,
       at("error.log", 120, "2026-04-21 23:18:20", 812), "crashes"},
      {"the assertion `procslot_found == 1' of nchan failed", 30, at("error.log", 119), "crashes"},
      {"worker_shutdown_timeout is set", -3, at("/etc/nginx/nginx.conf", 4), "config"},
  };
  nchan.evidence[2].source.excerpt =
      "ter process: ./src/store/memory/memstore.c:705: \x1b[31mnchan_store_init_worker: Assertion";
  nchan.explains = {"workers-crash", "no-worker-serves", "acme-504"};
  nchan.fixes = {
      {"Take the module out and start nginx anew",
       {"rm /etc/nginx/modules-enabled/50-mod-nchan.conf", "nginx -t",
        "systemctl kill --signal=SIGKILL nginx.service && systemctl start nginx.service && "
        "systemctl --no-pager status nginx.service"},
       "all connections of this nginx",
       "ln -s /usr/share/nginx/modules-available/mod-nchan.conf "
       "/etc/nginx/modules-enabled/50-mod-nchan.conf",
       "ngxdiag scan says ok"},
      {"Reload once for all certificates",
       {"certbot renew --deploy-hook 'systemctl reload nginx'"},
       "nothing",
       "",
       ""},
  };
  nchan.references = {"https://github.com/slact/nchan"};

  Finding abi;
  abi.id = "package-abi-break";
  abi.kind = "cause";
  abi.cause = "package-abi-break";
  abi.component = "packaging";
  abi.severity = Severity::kCritical;
  abi.confidence = 0.01;
  abi.title = "Modules were built for another nginx";

  Finding dead;
  dead.id = "workers-crash";
  dead.kind = "cause";
  dead.cause = "module-crash-undetermined";
  dead.component = "nginx";
  dead.severity = Severity::kCritical;
  dead.confidence = 0.97;
  dead.title = "Workers crash at start";
  dead.explained_by = nchan.id;

  Finding timeout;
  timeout.id = "missing-shutdown-timeout";
  timeout.kind = "advisory";
  timeout.cause = "missing-shutdown-timeout";
  timeout.component = "config";
  timeout.severity = Severity::kInfo;
  timeout.confidence = 0.95;
  timeout.title = "Old workers may stay for ever: worker_shutdown_timeout is not set";

  report.findings = {nchan, dead, abi, timeout};
  report.symptoms = {
      {"no-worker-serves", "no worker serves requests", Severity::kCritical, "workers-crash", {}},
      {"acme-504",
       "renewals of 7 domains failed with 504",
       Severity::kWarning,
       "no-worker-serves",
       {}},
      {"disk-slow",
       "writes to the log took long",
       Severity::kInfo,
       "",
       {{"", 0, at("error.log", 3), ""}}},
  };
  report.next_checks = {{"whether the master still answers", "cat /proc/812/wchan"}};
  report.timeline = {
      {*base::parse_civil("2026-04-21 23:10:02"), {}, "reload", "reload", at("error.log", 10)},
      {*base::parse_civil("2026-04-21 23:18:16"), {}, "reload", "reload", at("error.log", 118)},
      {*base::parse_civil("2026-04-21 23:18:20"),
       base::parse_civil("2026-04-21 23:18:52"),
       "burst",
       "2,361 workers die on signal 6",
       at("error.log", 120),
       11,
       {180, 2000, 181}},
  };
  report.facts.put("deaths.total", int64_t{2361}, {at("error.log", 120)}, "crashes");
  report.facts.put("zones.locked", std::vector<std::string>{"memstore"}, {at("error.log", 121)},
                   "zone_locks");
  report.not_observed = {{"/var/log/nginx/error.log.1", "permission denied: run as root"}};
  report.looked_at = {"error.log (error_log, 4,310 lines)"};
  return report;
}

}  // namespace ngxdiag
