#include "libdiag/parse/nginx_build.h"

#include <algorithm>
#include <array>
#include <utility>

#include "libdiag/base/text.h"
#include "libdiag/parse/module_names.h"

namespace ngxdiag::parse {
namespace {

constexpr size_t kNone = std::string_view::npos;
constexpr std::string_view kArguments = "configure arguments:";
constexpr std::array<std::string_view, 5> kFlavors = {"freenginx", "nginx", "openresty", "tengine",
                                                      "angie"};

// The forks' releases from which on each nginx release is the base (src/core/nginx.h of their
// tags), newest first.
struct ForkRelease {
  std::array<int, 3> since;
  std::string_view base;
};
constexpr std::array<ForkRelease, 20> kTengine = {{
    {{3, 2, 0}, "1.31.3"}, {{3, 0, 0}, "1.24.0"}, {{2, 4, 0}, "1.22.1"}, {{2, 3, 3}, "1.18.0"},
    {{2, 3, 2}, "1.17.3"}, {{2, 3, 1}, "1.16.0"}, {{2, 3, 0}, "1.15.9"}, {{2, 2, 0}, "1.8.1"},
    {{2, 1, 0}, "1.6.2"},  {{2, 0, 3}, "1.4.7"},  {{2, 0, 1}, "1.4.6"},  {{2, 0, 0}, "1.4.4"},
    {{1, 4, 6}, "1.2.9"},  {{1, 4, 5}, "1.2.8"},  {{1, 4, 4}, "1.2.7"},  {{1, 4, 2}, "1.2.5"},
    {{1, 4, 0}, "1.2.3"},  {{1, 2, 5}, "1.0.15"}, {{1, 2, 4}, "1.0.14"}, {{1, 2, 3}, "1.0.12"},
}};
constexpr std::array<ForkRelease, 13> kAngie = {{
    {{1, 12, 0}, "1.31.2"},
    {{1, 11, 0}, "1.29.3"},
    {{1, 10, 0}, "1.27.5"},
    {{1, 9, 0}, "1.27.4"},
    {{1, 8, 0}, "1.27.3"},
    {{1, 7, 0}, "1.27.1"},
    {{1, 6, 0}, "1.27.0"},
    {{1, 5, 0}, "1.25.4"},
    {{1, 4, 0}, "1.25.3"},
    {{1, 3, 0}, "1.25.2"},
    {{1, 2, 0}, "1.25.0"},
    {{1, 1, 0}, "1.23.3"},
    {{1, 0, 0}, "1.23.2"},
}};

template <size_t N>
std::string fork_base(const std::array<ForkRelease, N>& releases, std::string_view version) {
  std::array<int, 3> numbers{};
  const auto parts = base::split(version, '.');
  for (size_t i = 0; i < numbers.size() && i < parts.size(); ++i) {
    constexpr int64_t kHighest = 9999;
    const auto number = base::parse_int(parts[i]);
    if (!number || *number > kHighest) return {};
    numbers[i] = static_cast<int>(*number);
  }
  for (const ForkRelease& release : releases)
    if (numbers >= release.since) return std::string(release.base);
  return {};
}

bool digit(char c) { return c >= '0' && c <= '9'; }

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

// "1.24.0" at the start of `text`, without a final dot.
std::string_view leading_version(std::string_view text) {
  size_t end = 0;
  while (end < text.size() && (digit(text[end]) || text[end] == '.')) ++end;
  while (end > 0 && text[end - 1] == '.') --end;
  return text.substr(0, end);
}

// "nginx/1.18.0 (Ubuntu)" somewhere in a line.
struct NamedVersion {
  std::string_view flavor, version, remark;
  bool labelled = false;  // "nginx version: …"
};

// The flavor whose name ends right before the slash at `slash`, in whatever case.
std::string_view flavor_before(std::string_view line, size_t slash) {
  for (std::string_view flavor : kFlavors) {
    if (slash < flavor.size()) continue;
    const size_t start = slash - flavor.size();
    if (base::lower(line.substr(start, flavor.size())) != flavor) continue;
    const char before = start > 0 ? line[start - 1] : ' ';
    if ((before >= 'a' && before <= 'z') || before == '/' || before == '_') continue;
    return flavor;
  }
  return {};
}

// nginx says it in -v and -V behind "version: ", and bare in the first notice of a start.
std::optional<NamedVersion> named_version(std::string_view line) {
  for (size_t slash = line.find('/'); slash != kNone; slash = line.find('/', slash + 1)) {
    if (slash + 1 >= line.size() || !digit(line[slash + 1])) continue;
    NamedVersion found;
    found.flavor = flavor_before(line, slash);
    if (found.flavor.empty()) continue;
    found.version = leading_version(line.substr(slash + 1));
    std::string_view rest = line.substr(slash + 1 + found.version.size());
    if (starts_with(rest, " (")) found.remark = rest.substr(2, rest.find(')', 2) - 2);
    const std::string_view before = base::trim(line.substr(0, slash - found.flavor.size()));
    constexpr std::string_view kLabel = "version:";
    found.labelled =
        before.size() >= kLabel.size() && before.substr(before.size() - kLabel.size()) == kLabel;
    // "2024/01/02 03:04:05 [notice] 1#1: nginx/1.25.3"
    const bool notice = !before.empty() && before.back() == ':' && base::contains(before, "#");
    if (found.labelled || before.empty() || (notice && base::contains(line, "[notice]")))
      return found;
  }
  return std::nullopt;
}

void take_version(const NamedVersion& found, NginxBuild& build) {
  const bool plain = found.flavor == "nginx";
  if (plain && !build.version.empty() && build.flavor != "nginx") {
    // Angie and newer Tengine print the nginx they are built on in a line of its own.
    if (found.labelled) build.base_version = found.version;
    return;
  }
  if (!build.version.empty() && (plain || build.flavor != "nginx")) return;
  // A fork's name outweighs a plain "nginx/" seen before it.
  const std::string earlier = build.version;
  build.flavor = found.flavor;
  build.version = found.version;
  build.base_version = nginx_base_version(build.flavor, build.version);
  build.distribution.clear();
  if (!plain && !earlier.empty()) build.base_version = earlier;
  if (starts_with(found.remark, "nginx/"))
    build.base_version = leading_version(found.remark.substr(6));  // Tengine 2.x
  else
    build.distribution = found.remark;
}

void take_library(std::string_view text, NginxBuild& build) {
  constexpr std::string_view kRunning = " (running with ";
  const size_t running = text.find(kRunning);
  build.openssl_built = base::trim(text.substr(0, running));
  build.openssl_running = build.openssl_built;
  if (running == kNone) return;
  const std::string_view rest = text.substr(running + kRunning.size());
  build.openssl_running = base::trim(rest.substr(0, rest.rfind(')')));
}

// True when nothing or the next option follows.
bool ends_argument(std::string_view rest) {
  const size_t next = rest.find_first_not_of(" \t\r\n");
  return next == kNone || (next > 0 && rest.substr(next, 2) == "--");
}

// auto/options quotes a value that holds a blank: --with-cc-opt='-g -O2'. The value itself may hold
// quotes, so the closing one is that before another option or the end.
std::vector<std::string> split_arguments(std::string_view text) {
  std::vector<std::string> arguments;
  size_t i = 0;
  while (i < text.size()) {
    if (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r') {
      ++i;
      continue;
    }
    std::string argument;
    while (i < text.size() && text[i] != ' ' && text[i] != '\n' && text[i] != '\t' &&
           text[i] != '\r') {
      const bool opens =
          (text[i] == '\'' || text[i] == '"') && (argument.empty() || argument.back() == '=');
      if (!opens) {
        argument += text[i++];
        continue;
      }
      const char quote = text[i];
      size_t close = text.find(quote, i + 1);
      while (close != kNone && !ends_argument(text.substr(close + 1)))
        close = text.find(quote, close + 1);
      argument += text.substr(i + 1, close == kNone ? kNone : close - i - 1);
      i = close == kNone ? text.size() : close + 1;
    }
    arguments.push_back(std::move(argument));
  }
  return arguments;
}

// The arguments may have been wrapped: lines that begin with "--", or that stand inside quotes, go
// on.
std::string_view argument_text(std::string_view rest) {
  const char* begin = rest.data();
  size_t length = 0;
  bool first = true, open = false;
  while (!rest.empty()) {
    const std::string_view line = base::take_line(rest);
    if (!first && !open && !starts_with(base::trim(line), "--")) break;
    open ^= std::count(line.begin(), line.end(), '\'') % 2 == 1;
    first = false;
    length = static_cast<size_t>(line.data() + line.size() - begin);
  }
  return {begin, length};
}

// "--with-http_ssl_module" -> "ssl", "--with-stream" -> "stream"; empty for options of no module.
std::string core_module(std::string_view option) {
  constexpr std::string_view kWith = "--with-", kModule = "_module", kHttp = "http_";
  if (!starts_with(option, kWith)) return {};
  option.remove_prefix(kWith.size());
  option = option.substr(0, option.find('='));
  if (option == "mail" || option == "stream" || option == "imap") return module_slug(option);
  if (option.size() < kModule.size() || option.substr(option.size() - kModule.size()) != kModule ||
      option == "select_module" || option == "poll_module" || option == "cpp_test_module")
    return {};
  option.remove_suffix(kModule.size());
  if (starts_with(option, kHttp)) option.remove_prefix(kHttp.size());
  const std::string slug = module_slug(option);
  return is_core_module(slug) ? slug : base::replace_all(std::string(option), "_", "-");
}

void add_once(std::vector<std::string>& list, std::string value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(std::move(value));
}

void take_module(std::string_view argument, NginxBuild& build) {
  constexpr std::string_view kStatic = "--add-module=", kDynamic = "--add-dynamic-module=";
  for (std::string_view option : {kStatic, kDynamic}) {
    if (!starts_with(argument, option)) continue;
    std::string slug = module_slug(argument.substr(option.size()));
    if (slug.empty()) {
      slug = module_name_or_slug(argument.substr(option.size()));
      add_once(build.unknown_modules, slug);
    }
    add_once(option == kStatic ? build.static_modules : build.dynamic_modules, slug);
    return;
  }
  std::string slug = core_module(argument);
  if (slug.empty()) return;
  const bool dynamic = base::contains(argument, "=dynamic");
  add_once(dynamic ? build.dynamic_modules : build.static_modules, std::move(slug));
}

// Debian's builds name the directory of the source:
// …=/build/nginx-Qd8rYn/nginx-1.24.0-2ubuntu7.10=.
void take_package_revision(std::string_view argument, NginxBuild& build) {
  for (std::string_view option : {"-ffile-prefix-map=", "-fdebug-prefix-map=", "--build="}) {
    const size_t at = argument.find(option);
    if (at == kNone) continue;
    std::string_view value = argument.substr(at + option.size());
    value = value.substr(0, value.find_first_of("= "));
    value = value.substr(value.rfind('/') + 1);
    if (starts_with(value, "nginx-")) value.remove_prefix(6);
    while (!value.empty() && !digit(value[0]) && option == "--build=") value.remove_prefix(1);
    const std::string_view version = leading_version(value);
    const std::string_view revision = value.substr(version.size());
    if (version.find('.') != kNone && revision.size() > 1 && revision[0] == '-' &&
        revision.find_first_of("0123456789") != kNone) {
      build.package_revision = value;
      return;
    }
  }
}

void take_paths(NginxBuild& build) {
  const auto value = [&](std::string_view option, std::string_view fallback) {
    std::string found(fallback);
    for (const std::string& argument : build.configure_arguments)
      if (starts_with(argument, option)) found = argument.substr(option.size());
    return found;
  };
  const std::string own = build.flavor == "angie" ? "angie" : "nginx";
  build.prefix = value("--prefix=", build.flavor == "tengine"     ? "/usr/local/tengine"
                                    : build.flavor == "angie"     ? "/usr/local/angie"
                                    : build.flavor == "openresty" ? "/usr/local/openresty/nginx"
                                                                  : "/usr/local/nginx");
  const auto path = [&](std::string_view option, const std::string& fallback) {
    std::string found = value(option, fallback);
    if (found.empty() || found[0] == '/' || build.prefix.empty()) return found;
    if (starts_with(found, "syslog:") || starts_with(found, "memory:")) return found;
    return build.prefix + (build.prefix.back() == '/' ? "" : "/") + found;
  };
  build.sbin_path = path("--sbin-path=", "sbin/" + own);
  build.conf_path = path("--conf-path=", "conf/" + own + ".conf");
  build.pid_path = path("--pid-path=", "logs/" + own + ".pid");
  build.lock_path = path("--lock-path=", "logs/" + own + ".lock");
  build.modules_path = path("--modules-path=", "modules");
  build.http_log_path = path("--http-log-path=", "logs/access.log");
  build.error_log_path = value("--error-log-path=", "");
  if (build.error_log_path != "stderr")
    build.error_log_path = path("--error-log-path=", "logs/error.log");
  build.user = value("--user=", "nobody");
  build.group = value("--group=", build.user == "nobody" ? "" : build.user);
}

void take_arguments(std::string_view text, NginxBuild& build) {
  build.has_arguments = true;
  build.configure_arguments = split_arguments(text);
  for (const std::string& argument : build.configure_arguments) {
    take_module(argument, build);
    if (build.package_revision.empty()) take_package_revision(argument, build);
    if (argument == "--with-debug") build.debug = true;
    if (argument == "--with-threads") build.threads = true;
    if (argument == "--with-compat") build.compat = true;
  }
}

}  // namespace

std::string nginx_base_version(std::string_view flavor, std::string_view version) {
  if (flavor == "nginx") return std::string(version);
  if (flavor == "tengine") return fork_base(kTengine, version);
  if (flavor == "angie") return fork_base(kAngie, version);
  if (flavor == "openresty") {
    // 1.25.3.2 is OpenResty's second release on nginx 1.25.3.
    const size_t last = version.rfind('.');
    if (std::count(version.begin(), version.end(), '.') == 3)
      return std::string(version.substr(0, last));
  }
  return {};
}

std::optional<NginxBuild> parse_nginx_build(std::string_view text) {
  NginxBuild build;
  bool known = false;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view from = rest;
    const std::string_view line = base::trim(base::take_line(rest));
    if (const auto found = named_version(line)) {
      take_version(*found, build);
      known = true;
    }
    const size_t arguments = line.find(kArguments);
    if (arguments != kNone && !build.has_arguments) {
      take_arguments(argument_text(from.substr(from.find(kArguments) + kArguments.size())), build);
      known = true;
    } else if (starts_with(line, "built by ")) {
      build.compiler = line.substr(9);
    } else if (starts_with(line, "built with ")) {
      take_library(line.substr(11), build);
      known = true;
    } else if (starts_with(line, "TLS SNI support enabled")) {
      build.tls_sni = true;
    }
  }
  if (!known) return std::nullopt;
  if (build.has_arguments) take_paths(build);
  return build;
}

std::string build_text_from_binary(std::string_view bytes) {
  // The string literal that begins at `at`: nginx writes each line of -V as one. Its beginning
  // decides whether it is looked at further, which bounds the work on hostile bytes.
  constexpr size_t kBeginning = 128, kLongest = 64 * 1024;
  const auto literal = [&](size_t at, size_t most) {
    const std::string_view from = bytes.substr(at, most);
    return from.substr(0, from.find_first_of(std::string_view("\0\n", 2)));
  };
  const auto line_with = [&](std::string_view start, auto accept) -> std::string_view {
    for (size_t at = bytes.find(start); at != kNone; at = bytes.find(start, at + 1))
      if (accept(literal(at + start.size(), kBeginning))) return literal(at, kLongest);
    return {};
  };
  std::string text;
  const auto add = [&](std::string_view line) {
    if (!line.empty()) text += std::string(line) + "\n";
  };
  const auto versioned = [](std::string_view said) { return named_version(said).has_value(); };
  for (std::string_view start : {"Tengine version: ", "Angie version: ", "freenginx version: ",
                                 "openresty version: ", "nginx version: "})
    add(line_with(start, versioned));
  if (text.empty()) {
    // Without the line of -V: the name that goes into the Server header.
    for (std::string_view name : {"Tengine/", "Angie/", "openresty/", "freenginx/", "nginx/"}) {
      for (size_t at = bytes.find(name); at != kNone && text.empty();
           at = bytes.find(name, at + 1)) {
        const std::string_view whole = literal(at, kBeginning);
        const std::string_view version = leading_version(whole.substr(name.size()));
        const bool alone = at == 0 || bytes[at - 1] == '\0';
        if (alone && version.find('.') != kNone && name.size() + version.size() == whole.size())
          add("nginx version: " + std::string(whole));
      }
    }
  }
  if (text.empty()) return {};
  add(line_with("built by ", [](std::string_view said) { return said.find(' ') != kNone; }));
  add(line_with("built with ", [](std::string_view said) {
    return !base::contains(said, "(running with") && said.find_first_of("0123456789") != kNone &&
           base::contains(said, "SSL");
  }));
  add(line_with("TLS SNI support ", [](std::string_view) { return true; }));
  add(line_with(kArguments, [](std::string_view said) { return starts_with(said, " "); }));
  return text;
}

}  // namespace ngxdiag::parse
