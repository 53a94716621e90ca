#include "libdiag/analyze/service_manager.h"

#include <algorithm>

#include "libdiag/base/text.h"

namespace ngxdiag::analyze {
namespace {

using model::Unit;

constexpr const char* kUnit = "nginx.service";

constexpr model::FactSpec kSpecs[] = {
    {"service.supervisor", Unit::kNone, "the program that started the master, when it is no init"},
    {"service.container", Unit::kNone, "the master lives in a container"},
    {"service.started_by", Unit::kNone,
     "the unit or scope of systemd that the master's processes are counted to"},
    {"service.outside", Unit::kNone,
     "a master with the distribution's configuration that does not belong to nginx.service, though "
     "systemd has that unit"},
};

// "cron.service" of "/system.slice/cron.service", "session-3.scope" of
// "/user.slice/…/session-3.scope".
std::string last_unit(std::string_view cgroup) {
  std::string out;
  for (const std::string_view part : base::split(cgroup, '/'))
    if (part.ends_with(".service") || part.ends_with(".scope")) out = std::string(part);
  return out;
}

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  const source::Instance& instance = in.instance;
  const auto master = std::find_if(
      instance.processes.begin(), instance.processes.end(),
      [&](const model::Process& p) { return p.pid == instance.master_pid && p.pid != 0; });
  if (master == instance.processes.end()) return;
  facts.put("service.container", !instance.container.empty(), master->ref);
  const bool init = instance.parent == "systemd" || instance.parent == "init";
  if (!instance.parent.empty() && !init)
    facts.put("service.supervisor", instance.parent, master->ref);
  const std::string unit = last_unit(master->cgroup);
  if (unit.empty() || !instance.container.empty()) return;
  facts.put("service.started_by", unit, master->ref);
  if (!instance.files) return;
  const bool has_unit = instance.files->info(std::string("/lib/systemd/system/") + kUnit).exists ||
                        instance.files->info(std::string("/etc/systemd/system/") + kUnit).exists;
  const bool own_settings = std::any_of(
      instance.argv.begin(), instance.argv.end(),
      [](const std::string& word) { return word.starts_with("-c") || word.starts_with("-p"); });
  if (!has_unit || own_settings) return;
  facts.put("service.outside", unit != kUnit, master->ref);
}

}  // namespace

const Analyzer kServiceManager = {
    "service_manager", "Does the master belong to the service that it seems to belong to?", kSpecs,
    std::size(kSpecs), run};

}  // namespace ngxdiag::analyze
