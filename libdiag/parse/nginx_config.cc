#include "libdiag/parse/nginx_config.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "libdiag/base/text.h"
#include "libdiag/parse/glob.h"
#include "libdiag/parse/nginx_config_builder.h"

namespace ngxdiag::parse {
namespace {

constexpr std::string_view kMarker = "# configuration file ";
constexpr size_t kLongestName = 4096;

// The file named by a marker line, or empty.
std::string_view marked_file(std::string_view line) {
  if (line.substr(0, kMarker.size()) != kMarker || line.back() != ':') return {};
  const std::string_view name = line.substr(kMarker.size(), line.size() - kMarker.size() - 1);
  return name.size() <= kLongestName ? name : std::string_view{};
}

struct Section {
  std::string_view file, text;
};

// The files of an `nginx -T` dump. nginx writes "# configuration file NAME:", the text and one line
// feed.
std::vector<Section> dump_sections(std::string_view text) {
  std::vector<Section> sections;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line_start = rest;
    const std::string_view line = base::take_line(rest);
    const std::string_view file = line.empty() ? std::string_view{} : marked_file(line);
    if (file.empty()) continue;
    if (!sections.empty()) {
      Section& last = sections.back();
      last.text = {last.text.data(), static_cast<size_t>(line_start.data() - last.text.data())};
    }
    sections.push_back({file, rest});
  }
  return sections;
}

constexpr size_t kGlobSteps = 50'000'000;

}  // namespace

std::string_view Directive::arg(size_t index) const {
  return index < args.size() ? std::string_view(args[index].value) : std::string_view{};
}

bool is_data_block(const Directive& directive) {
  if (!directive.block) return false;
  const std::string& name = directive.name;
  return name == "map" || name == "types" || name == "geo" || name == "split_clients" ||
         name == "charset_map";
}

std::string_view config_directory(std::string_view path) {
  return path.substr(0, path.rfind('/') + 1);
}

Config parse_config_fragment(std::string_view text, std::string_view file) {
  ConfigBuilder builder({}, true);
  builder.add_text(std::string(file), text);
  return builder.take();
}

bool is_config_dump(std::string_view text) {
  for (size_t at = 0; (at = text.find(kMarker, at)) != std::string_view::npos; ++at) {
    if (at > 0 && text[at - 1] != '\n') continue;
    std::string_view rest = text.substr(at);
    if (!marked_file(base::take_line(rest)).empty()) return true;
  }
  return false;
}

Config parse_config_dump(std::string_view text) {
  const std::vector<Section> sections = dump_sections(text);
  if (sections.empty()) return parse_config_fragment(text);
  std::map<std::string, std::string_view, std::less<>> texts;
  for (const Section& section : sections) texts.emplace(std::string(section.file), section.text);

  const std::string prefix(config_directory(sections.front().file));
  std::map<std::string, std::vector<std::string>> matches;
  size_t steps = kGlobSteps;

  ConfigBuilder::Includes includes;
  includes.read = [&](const std::string& path) -> std::optional<std::string_view> {
    const auto found = texts.find(path);
    if (found == texts.end()) return std::nullopt;
    return found->second;
  };
  includes.expand = [&](const std::string& pattern) {
    const auto known = matches.find(pattern);
    if (known != matches.end()) return known->second;
    std::vector<std::string>& names = matches[pattern];
    const std::string_view start =
        std::string_view(pattern).substr(0, pattern.find_first_of("*?[\\"));
    for (auto it = texts.lower_bound(start); it != texts.end(); ++it) {
      if (it->first.compare(0, start.size(), start) != 0) break;
      if (glob_match(pattern, it->first, &steps)) names.push_back(it->first);
    }
    return names;
  };
  includes.prefix = prefix;
  includes.missing = [](const std::string& path) {
    return "include \"" + path + "\" is not in this dump";
  };

  ConfigBuilder builder({}, true);
  builder.resolve(includes);
  builder.add_text(std::string(sections.front().file), sections.front().text);
  for (const Section& section : sections)
    if (!builder.has_read(section.file)) builder.add_text(std::string(section.file), section.text);
  return builder.take();
}

Config parse_config(std::string_view text, std::string_view file) {
  return is_config_dump(text) ? parse_config_dump(text) : parse_config_fragment(text, file);
}

Config load_config(const ConfigReader& reader, std::string_view prefix, std::string_view conf_path,
                   const ConfigLimits& limits) {
  std::string main(conf_path);
  if (main.empty() || main[0] != '/') {
    std::string under(prefix);
    if (!under.empty() && under.back() != '/') under += '/';
    main = under + main;
  }
  std::map<std::string, std::optional<std::string>> texts;  // nodes keep their address
  ConfigBuilder::Includes includes;
  includes.read = [&](const std::string& path) -> std::optional<std::string_view> {
    auto [it, fresh] = texts.try_emplace(path);
    if (fresh) it->second = reader.read ? reader.read(path) : std::nullopt;
    if (!it->second) return std::nullopt;
    return std::string_view(*it->second);
  };
  includes.expand = [&](const std::string& pattern) {
    return reader.glob ? reader.glob(pattern) : std::vector<std::string>{};
  };
  includes.prefix = config_directory(main);
  includes.missing = [](const std::string& path) { return "open() \"" + path + "\" failed"; };

  ConfigBuilder builder(limits, false);
  builder.resolve(includes);
  builder.add_file(main);
  return builder.take();
}

}  // namespace ngxdiag::parse
