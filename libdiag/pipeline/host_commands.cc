#include "libdiag/pipeline/host_commands.h"

#include <algorithm>

#include "libdiag/base/text.h"

namespace ngxdiag::pipeline {
namespace {

constexpr std::string_view kDirectory = "/etc/nginx";
constexpr std::string_view kUnitSuffix = ".service";

bool is_name_part(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

// Replaces each `from` that stands as a word (or path) of its own.
void replace(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    const size_t end = at + from.size();
    const bool begins = at == 0 || !(is_name_part(text[at - 1]) || text[at - 1] == '/');
    if (begins && (end == text.size() || !is_name_part(text[end]))) {
      text.replace(at, from.size(), to);
      at += to.size();
    } else {
      at = end;
    }
  }
}

// The options that choose a configuration, with their values.
std::string chosen_by(const std::vector<std::string>& argv) {
  std::string out;
  for (size_t i = 1; i + 1 < argv.size(); ++i)
    if (argv[i] == "-p" || argv[i] == "-c" || argv[i] == "-e") {
      out += " " + argv[i] + " " + base::shell_quote(argv[i + 1]);
      ++i;
    }
  return out;
}

bool under(std::string_view path, std::string_view directory) {
  return path.substr(0, directory.size()) == directory &&
         (path.size() == directory.size() || path[directory.size()] == '/');
}

constexpr std::string_view kVerbs[] = {"restart", "start", "stop"};

// A command that looks at or changes files which lie in the container.
bool is_about_files(std::string_view command) {
  static constexpr std::string_view kPlaces[] = {"/etc/nginx", "/etc/letsencrypt",
                                                 "/etc/dehydrated", "/var/log/nginx"};
  static constexpr std::string_view kPrograms[] = {
      "grep ", "sed ", "printf ", "chmod ", "mkdir ",   "ls ",      "mv ",
      "cp ",   "rm ",  "ln ",     "cat ",   "openssl ", "certbot ", "dehydrated "};
  const auto begins = [&](std::string_view text) { return command.starts_with(text); };
  const auto holds = [&](std::string_view text) { return base::contains(command, text); };
  return std::any_of(std::begin(kPrograms), std::end(kPrograms), begins) &&
         (begins("certbot ") || begins("dehydrated ") ||
          std::any_of(std::begin(kPlaces), std::end(kPlaces), holds));
}

std::string in_container(std::string out, const HostCommands& host) {
  const std::string id = base::shell_quote(host.container), inside = "docker exec " + id + " ";
  for (const std::string_view verb : kVerbs)
    replace(out, "systemctl " + std::string(verb) + " nginx",
            host.supervised ? inside + "supervisorctl " + std::string(verb) + " nginx"
                            : "docker " + std::string(verb) + " " + id);
  if (is_about_files(out)) {
    replace(out, "systemctl reload nginx", "nginx -s reload");
    return inside + "sh -c " + base::shell_quote(out);
  }
  replace(out, "systemctl reload nginx", inside + "nginx -s reload");
  for (const std::string_view option : {"-t", "-T"})
    replace(out, "nginx " + std::string(option), inside + "nginx " + std::string(option));
  return out;
}

}  // namespace

std::string HostCommands::turn(std::string_view command) const {
  std::string out(command);
  if (!container.empty()) return in_container(std::move(out), *this);
  if (supervised)
    for (const std::string_view verb : kVerbs)
      replace(out, "systemctl " + std::string(verb) + " nginx",
              "supervisorctl " + std::string(verb) + " nginx");
  if (!unit.empty()) {
    for (const std::string_view verb : {"restart", "reload", "start", "stop", "show"})
      replace(out, "systemctl " + std::string(verb) + " nginx",
              "systemctl " + std::string(verb) + " " + unit);
  } else if (pid) {
    const std::string own = program.empty() ? "nginx" : program, number = std::to_string(pid);
    // As systemd stops Debian's nginx: QUIT, five seconds, then KILL; children first, so that none
    // is left with the ports.
    replace(out, "systemctl restart nginx",
            "{ kill -QUIT " + number + "; for i in 1 2 3 4 5; do kill -0 " + number +
                " 2>/dev/null && sleep 1; done; pkill -KILL -P " + number + "; kill -KILL " +
                number + " 2>/dev/null; " + own + "; }");
    replace(out, "systemctl reload nginx", "kill -HUP " + number);
    replace(out, "systemctl start nginx", own);
    replace(out, "systemctl stop nginx", "kill -QUIT " + number);
  }
  if (!program.empty()) {
    for (const std::string_view option : {"-t", "-T", "-s reload"})
      replace(out, "nginx " + std::string(option), program + " " + std::string(option));
  }
  if (!directory.empty()) replace(out, kDirectory, base::shell_quote(directory));
  return out;
}

HostCommands host_commands(const source::Instance& instance, const model::FactSet& facts) {
  HostCommands out;
  constexpr size_t kShortId = 12;
  if (!instance.master_pid) return out;
  out.supervised = instance.parent == "supervisord";
  if (!instance.container.empty()) {
    out.container = instance.container.substr(0, kShortId);
    return out;
  }
  if (const std::string options = chosen_by(instance.argv); !options.empty())
    out.program = base::shell_quote(instance.argv.front()) + options;
  const auto master = std::find_if(instance.processes.begin(), instance.processes.end(),
                                   [&](const auto& p) { return p.pid == instance.master_pid; });
  const bool of_init = master != instance.processes.end() && master->ppid == 1;
  if (of_init && instance.unit.ends_with(kUnitSuffix)) {
    const std::string name = instance.unit.substr(0, instance.unit.size() - kUnitSuffix.size());
    if (name != "nginx") out.unit = base::shell_quote(name);
  } else {
    out.pid = instance.master_pid;
  }
  const model::Fact* file = facts.find("config.file");
  const auto* path = file ? std::get_if<std::string>(&file->value) : nullptr;
  if (path && path->starts_with('/') && !under(*path, kDirectory) && !under(*path, "/proc"))
    out.directory = path->substr(0, std::max<size_t>(path->rfind('/'), 1));
  return out;
}

void turn_commands(const HostCommands& host, engine::Diagnosis& diagnosis) {
  for (model::Finding& finding : diagnosis.findings)
    for (model::Fix& fix : finding.fixes) {
      for (std::string& command : fix.commands) command = host.turn(command);
      fix.undo = host.turn(fix.undo);
      fix.verify = host.turn(fix.verify);
    }
  for (model::NextCheck& check : diagnosis.next_checks) check.command = host.turn(check.command);
}

}  // namespace ngxdiag::pipeline
