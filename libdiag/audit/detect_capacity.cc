// Limits: descriptors, workers, zones, and what happens to long connections at a reload.
#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>

#include "libdiag/audit/detect_themes.h"
#include "libdiag/base/text.h"
#include "libdiag/parse/nginx_config_zones.h"

namespace ngxdiag::audit {
namespace {

constexpr int64_t kDefaultConnections = 512;  // ngx_event_core_init_conf

std::optional<int64_t> number(const Tree& tree, std::string_view name) {
  const auto ids = tree.all(name);
  return ids.empty() ? std::nullopt : base::parse_int(tree.at(ids.back()).arg(0));
}

NodeId first_of(const Tree& tree, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (const auto ids = tree.all(name); !ids.empty()) return ids.front();
  return kTop;
}

// How many processes one generation has.
std::optional<int64_t> workers(const Context& context) {
  const auto ids = context.tree.all("worker_processes");
  if (ids.empty()) return context.tree.config().complete ? std::optional<int64_t>(1) : std::nullopt;
  if (context.tree.at(ids.back()).arg(0).starts_with("auto")) return context.host.cpus;
  return base::parse_int(context.tree.at(ids.back()).arg(0));
}

bool is_proxy(const Tree& tree) {
  for (const std::string_view name : {"proxy_pass", "fastcgi_pass", "grpc_pass", "uwsgi_pass"})
    if (!tree.all(name).empty()) return true;
  return false;
}

// The limit that workers have: worker_rlimit_nofile, or what the process was given.
std::optional<int64_t> descriptor_limit(const Context& context) {
  if (const auto own = number(context.tree, "worker_rlimit_nofile")) return own;
  return context.host.nofile;
}

std::vector<Hit> rlimit_vs_connections(const Context& context) {
  const Tree& tree = context.tree;
  const auto limit = descriptor_limit(context);
  const auto configured = number(tree, "worker_connections");
  if (!limit || (!configured && !tree.config().complete)) return {};
  const int64_t connections = configured.value_or(kDefaultConnections);
  // worker_connections counts the connections to upstreams too: one descriptor each, and files
  // besides.
  const double needed =
      std::ceil(static_cast<double>(connections) * context.param("per_connection"));
  if (static_cast<double>(*limit) >= needed) return {};
  Hit hit{.node = first_of(tree, {"worker_rlimit_nofile", "worker_connections", "events"}),
          .values = {{"limit", std::to_string(*limit)},
                     {"connections", std::to_string(connections)},
                     {"needed", std::to_string(static_cast<int64_t>(needed))}}};
  if (*limit < connections) hit.severity = model::Severity::kWarning;
  return {hit};
}

std::vector<Hit> connections_few(const Context& context) {
  const Tree& tree = context.tree;
  const auto configured = number(tree, "worker_connections");
  const auto count = workers(context);
  if (!count || !tree.config().complete || !is_proxy(tree)) return {};
  const int64_t connections = configured.value_or(kDefaultConnections);
  const int64_t clients = connections / 2;
  // Every worker holds a connection for each listening socket, and one to the channel.
  std::set<std::string> sockets;
  for (const NodeId id : tree.all("listen")) sockets.insert(std::string(tree.at(id).arg(0)));
  const int64_t listening = static_cast<int64_t>(sockets.size()) + 1;
  const double least = context.param("least_per_worker");
  if (static_cast<double>(connections - 2 * listening) >= least) return {};
  return {{.node = first_of(tree, {"worker_connections", "events"}),
           .values = {{"connections", std::to_string(connections)},
                      {"clients", base::grouped(clients * *count)},
                      {"workers", base::plural(*count, "worker")},
                      {"listening", base::plural(listening - 1, "listening socket")}}}};
}

// Each log file is a descriptor in every process; access_log with a variable opens files as it
// goes.
std::vector<Hit> log_files(const Context& context) {
  const Tree& tree = context.tree;
  std::set<std::string> files;
  for (const std::string_view name : {"access_log", "error_log"})
    for (const NodeId id : tree.all(name)) {
      const std::string_view path = tree.at(id).arg(0);
      if (path != "off" && !path.starts_with("syslog:") && path.find('$') == std::string_view::npos)
        files.insert(std::string(path));
    }
  const auto limit = descriptor_limit(context);
  const bool assumed = !limit;
  const double known = limit ? static_cast<double>(*limit) : context.param("usual_limit");
  const auto count = static_cast<double>(files.size());
  if (count < known * context.param("share")) return {};
  return {
      {.node = first_of(tree, {"access_log", "error_log"}),
       .values = {{"files", base::grouped(static_cast<int64_t>(files.size()))},
                  {"limit", base::grouped(static_cast<int64_t>(known)) +
                                (assumed ? " (the usual limit; the real one is not known)" : "")},
                  {"rlimit", std::to_string(static_cast<int64_t>(files.size()) * 4)}}}};
}

bool has_module(const Context& context, std::string_view slug) {
  const auto& modules = context.host.modules;
  if (std::find(modules.begin(), modules.end(), slug) != modules.end()) return true;
  for (const NodeId id : context.tree.all("load_module"))
    if (base::contains(context.tree.at(id).arg(0), slug)) return true;
  return false;
}

// nchan keeps 1024 process slots; each reload takes one for every worker as long as an old worker
// lives (nchan_store_init_worker, IPC_MAX_PROCESSES…).
std::vector<Hit> nchan_slots(const Context& context) {
  const Tree& tree = context.tree;
  if (!has_module(context, "nchan")) return {};
  const auto count = workers(context);
  if (!count || *count < 1) return {};
  const auto slots = static_cast<int64_t>(context.param("slots"));
  const int64_t reloads = (slots + 1 - *count + 2 * *count - 1) / (2 * *count);
  const bool bounded = !tree.all("worker_shutdown_timeout").empty();
  if (bounded && static_cast<double>(reloads) >= context.param("enough_reloads")) return {};
  Hit hit{
      .node = first_of(tree, {"worker_processes", "load_module", "events"}),
      .values = {
          {"workers", std::to_string(*count)},
          {"reloads", std::to_string(reloads)},
          {"bound",
           bounded ? "" : " worker_shutdown_timeout is not set: old workers may stay for days."}}};
  return {hit};
}

// Connections that live for hours: a reload leaves them in the old workers.
std::vector<NodeId> long_lived(const Tree& tree) {
  std::vector<NodeId> out;
  for (const NodeId id : tree.all("proxy_set_header"))
    if (base::lower(tree.at(id).arg(0)) == "upgrade") out.push_back(id);
  for (const std::string_view name : {"nchan_subscriber", "nchan_pubsub", "push_stream_subscriber",
                                      "push_stream_websocket", "websocket_pass", "rtmp"})
    for (const NodeId id : tree.all(name)) out.push_back(id);
  for (const std::string_view name : {"proxy_read_timeout", "grpc_read_timeout", "proxy_timeout"})
    for (const NodeId id : tree.all(name)) {
      const auto seconds = base::parse_seconds(tree.at(id).arg(0));
      if (seconds && *seconds >= 3600) out.push_back(id);
    }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<Hit> shutdown_missing(const Context& context) {
  const Tree& tree = context.tree;
  if (!tree.config().complete || !tree.all("worker_shutdown_timeout").empty()) return {};
  const auto found = long_lived(tree);
  if (found.empty()) return {};
  return {{.node = found.front(),
           .values = {{"places", base::plural(static_cast<int64_t>(found.size()), "place")}}}};
}

std::vector<Hit> shutdown_short(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const NodeId id : tree.all("worker_shutdown_timeout")) {
    const auto seconds = base::parse_seconds(tree.at(id).arg(0));
    const auto found = long_lived(tree);
    if (!seconds || found.empty() ||
        static_cast<double>(*seconds) >= context.param("short_seconds"))
      continue;
    hits.push_back({.node = id, .related = {found.front()}});
  }
  return hits;
}

// ngx_shm zones smaller than eight pages are refused (ngx_shared_memory_add's callers).
std::vector<Hit> zone_small(const Context& context) {
  const Tree& tree = context.tree;
  std::unordered_map<const parse::Directive*, NodeId> ids;
  for (const std::string_view name :
       {"limit_req_zone", "limit_conn_zone", "proxy_cache_path", "fastcgi_cache_path",
        "scgi_cache_path", "uwsgi_cache_path", "zone", "ssl_session_cache"})
    for (const NodeId id : tree.all(name)) ids.emplace(&tree.at(id), id);
  if (ids.empty()) return {};
  std::vector<Hit> hits;
  for (const parse::SharedZone& zone : parse::shared_zones(tree.config())) {
    const auto node = ids.find(zone.where);
    if (node == ids.end() || !zone.size) continue;
    if (static_cast<double>(*zone.size) < context.param("least_bytes"))
      hits.push_back(
          {.node = node->second, .values = {{"zone", zone.name}, {"size", zone.size_text}}});
  }
  return hits;
}

// Modules that ignore a new size until nginx is restarted.
std::vector<Hit> zone_restart(const Context& context) {
  std::vector<Hit> hits;
  for (const std::string_view name :
       {"push_stream_shared_memory_size", "nchan_shared_memory_size", "nchan_max_reserved_memory",
        "push_max_reserved_memory", "upstream_fair_shm_size"})
    for (const NodeId id : context.tree.all(name)) hits.push_back({.node = id});
  return hits;
}

}  // namespace

std::span<const NamedDetector> capacity_detectors() {
  static constexpr NamedDetector kDetectors[] = {
      {"connections-few", connections_few},   {"log-files", log_files},
      {"nchan-slots", nchan_slots},           {"rlimit-vs-connections", rlimit_vs_connections},
      {"shutdown-missing", shutdown_missing}, {"shutdown-short", shutdown_short},
      {"zone-restart", zone_restart},         {"zone-small", zone_small},
  };
  return kDetectors;
}

}  // namespace ngxdiag::audit
