#include "libdiag/parse/module_list.h"

#include <string>

#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

// Lists of upgrades are long on a dist-upgrade, but not endless.
constexpr size_t kMaxUpgrades = 10000;

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > 128 || (!is_alpha(text[0]) && !is_digit(text[0]))) return false;
  bool letter = false;
  for (const char c : text) {
    letter |= is_alpha(c);
    if (!is_alpha(c) && !is_digit(c) && c != '-' && c != '_' && c != '.' && c != '+') return false;
  }
  return letter;
}

// "1:1.3.6+dfsg-2", "30+0.1-1~jammy", "v0.34"
bool is_version(std::string_view text) {
  if (text.starts_with('v') && text.size() > 1) text.remove_prefix(1);
  if (text.empty() || !is_digit(text[0])) return false;
  for (const char c : text)
    if (!is_alpha(c) && !is_digit(c) &&
        std::string_view(".+~-:_^").find(c) == std::string_view::npos)
      return false;
  return true;
}

// "nginx:amd64" -> "nginx"
std::string_view without_arch(std::string_view name) { return name.substr(0, name.find(':')); }

// dpkg -l: wanted state, state, optional error flag.
std::optional<ListedModule> dpkg_row(std::string_view flags, std::string_view rest) {
  ListedModule out;
  out.name = without_arch(take_word(rest));
  out.version = take_word(rest);
  if (!is_name(out.name) || !is_version(out.version) || flags[1] == 'n' || flags[1] == 'c')
    return std::nullopt;
  return out;
}

bool is_dpkg_flags(std::string_view word) {
  return (word.size() == 2 || (word.size() == 3 && word[2] == 'R')) &&
         std::string_view("uirph").find(word[0]) != std::string_view::npos &&
         std::string_view("nicUFHWt").find(word[1]) != std::string_view::npos;
}

// "nginx-mod-http-perl-1:1.20.1-14.el9.x86_64", "nginx-1.24.0-r7"; empty for a plain name.
std::optional<ListedModule> rpm_name(std::string_view word) {
  std::string_view text = word;
  bool sure = false;
  for (const std::string_view arch :
       {".x86_64", ".noarch", ".aarch64", ".i686", ".ppc64le", ".s390x"}) {
    if (!text.ends_with(arch)) continue;
    text.remove_suffix(arch.size());
    sure = true;
  }
  const size_t release = text.rfind('-');
  if (release == std::string_view::npos || release == 0) return std::nullopt;
  const size_t version = text.rfind('-', release - 1);
  if (version == std::string_view::npos || version == 0) return std::nullopt;
  const std::string_view release_text = text.substr(release + 1);
  const bool apk = release_text.size() > 1 && release_text[0] == 'r' && is_digit(release_text[1]);
  if (!sure && !apk && release_text.find(".el") == std::string_view::npos &&
      release_text.find(".fc") == std::string_view::npos &&
      release_text.find(".amzn") == std::string_view::npos)
    return std::nullopt;
  ListedModule out;
  out.name = text.substr(0, version);
  out.version = text.substr(version + 1);
  if (!is_name(out.name) || !is_version(out.version)) return std::nullopt;
  return out;
}

// After the time: "upgrade nginx:amd64 OLD NEW", "install nginx:amd64 <none> NEW" of dpkg.log;
// "SUBDEBUG Upgrade: nginx-1:1.20.1-14.el9.x86_64" of dnf's log.
std::optional<ListedModule> history_row(std::string_view rest, base::CivilTime time) {
  ListedModule out;
  std::string_view verb = take_word(rest);
  out.upgraded = time;
  if (verb == "upgrade" || verb == "install") {
    out.name = without_arch(take_word(rest));
    out.previous = take_word(rest);
    out.version = take_word(rest);
    if (out.previous == "<none>") out.previous = {};
    if (!is_name(out.name) || !is_version(out.version)) return std::nullopt;
    return out;
  }
  if (verb == "SUBDEBUG" || verb == "INFO" || verb == "DEBUG") verb = take_word(rest);
  if (verb != "Upgrade:" && verb != "Installed:" && verb != "Install:") return std::nullopt;
  auto package = rpm_name(take_word(rest));
  if (package) package->upgraded = time;
  return package;
}

// "nginx/stable,now 1.22.1-9+deb12u1 amd64 [installed]",
// "nginx/stable-security 1.22.1-9+deb12u2 amd64 [upgradable from: 1.22.1-9+deb12u1]"
std::optional<ListedModule> apt_list_row(std::string_view first, std::string_view rest) {
  ListedModule out;
  out.name = first.substr(0, first.find('/'));
  out.version = take_word(rest);
  const size_t from = rest.find("[upgradable from: ");
  if (from != std::string_view::npos) {
    out.version = rest.substr(from + 18);
    out.version = out.version.substr(0, out.version.find(']'));
  } else if (rest.find("[installed") == std::string_view::npos) {
    return std::nullopt;
  }
  if (!is_name(out.name) || !is_version(out.version)) return std::nullopt;
  return out;
}

}  // namespace

std::vector<ListedModule> parse_apt_upgrades(std::string_view line) {
  std::vector<ListedModule> out;
  if (!eat(line, "Upgrade: ") && !eat(line, "Install: ")) return out;
  while (!line.empty() && out.size() < kMaxUpgrades) {
    ListedModule package;
    package.name = without_arch(take_word(line));
    if (!eat(line, "(")) break;
    const size_t close = line.find(')');
    if (close == std::string_view::npos) break;
    std::string_view versions = line.substr(0, close);
    line.remove_prefix(close + 1);
    const size_t comma = versions.find(", ");
    package.version = versions.substr(0, comma);
    if (comma != std::string_view::npos) {
      const std::string_view second = versions.substr(comma + 2);
      if (is_version(second)) {  // else "(1.2-3, automatic)" of an installation
        package.previous = package.version;
        package.version = second;
      }
    }
    if (!is_name(package.name) || !is_version(package.version)) break;
    out.push_back(package);
    eat(line, ", ");
  }
  return out;
}

std::optional<base::CivilTime> parse_apt_date(std::string_view line) {
  if (!eat(line, "Start-Date: ")) return std::nullopt;
  skip_blanks(line);
  std::string_view rest = line;
  const std::string_view date = take_word(rest);
  const std::string_view clock = take_word(rest);
  return base::parse_civil(std::string(date) + " " + std::string(clock));
}

std::optional<ListedModule> parse_listed_module(std::string_view line) {
  while (!line.empty() && (is_blank(line.back()) || line.back() == '\r')) line.remove_suffix(1);
  skip_blanks(line);
  if (line.starts_with("Upgrade: ") || line.starts_with("Install: ")) {
    const auto packages = parse_apt_upgrades(line);
    for (const ListedModule& package : packages)
      if (package.name.find("nginx") != std::string_view::npos) return package;
    return packages.empty() ? std::nullopt : std::optional(packages.front());
  }
  if (const auto time = base::parse_civil(line)) {
    std::string_view rest = line.substr(10);
    rest.remove_prefix(1);
    take_word(rest);
    return history_row(rest, *time);
  }
  std::string_view rest = line;
  const std::string_view first = take_word(rest);
  if (is_dpkg_flags(first) && !rest.empty()) return dpkg_row(first, rest);
  if (auto package = rpm_name(first)) return package;
  if (first.find('/') != std::string_view::npos) return apt_list_row(first, rest);
  ListedModule out;
  out.name = without_arch(first);
  out.version = take_word(rest);
  if (!rest.empty() || !is_name(out.name)) return std::nullopt;
  if (!out.version.empty() && !is_version(out.version)) return std::nullopt;
  return out;
}

}  // namespace ngxdiag::parse
