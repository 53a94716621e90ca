#include "tools/ngxdiag/settings.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"

namespace ngxdiag::tools {
namespace {

// More than any settings need; a device or a log named by mistake shall not fill the memory.
constexpr size_t kLargest = 1u << 20;

// They say what to look at, or which part of it, this once.
constexpr std::string_view kOnlyByHand[] = {"help", "as",    "in",     "root",   "pid",
                                            "now",  "since", "until",  "around", "events",
                                            "host", "json",  "summary"};

std::string quoted_list(const std::vector<std::string>& sections) {
  std::vector<std::string> out;
  for (const std::string& name : sections) out.push_back("[" + name + "]");
  return base::join(out, ", ");
}

std::vector<std::string> keys_of(const std::vector<Option>& options) {
  std::vector<std::string> out;
  for (const Option& option : options)
    if (can_be_set(option)) out.emplace_back(option.name);
  return out;
}

const Option* find_option(const std::vector<Option>& options, std::string_view key) {
  for (const Option& option : options)
    if (option.name == key) return &option;
  return nullptr;
}

std::string did_you_mean(std::string_view text, const std::vector<std::string>& known) {
  const std::string near = base::closest(text, known);
  return near.empty() ? "" : "did you mean " + near + "?";
}

class Inspector {
 public:
  explicit Inspector(bool look) : look_(look) {
    for (const Command& command : commands()) {
      manuals_.push_back(command.manual());
      names_.emplace_back(command.name);
    }
  }

  std::vector<SettingsMistake> inspect(std::string_view text) {
    const parse::Ini ini = parse::parse_ini(text);
    for (const parse::IniMistake& mistake : ini.mistakes) say(mistake.place, mistake.says, "");
    for (const parse::IniWord& section : ini.sections) inspect_section(section);
    for (const parse::IniEntry& entry : ini.entries) inspect_entry(entry);
    std::stable_sort(out_.begin(), out_.end(), [](const auto& a, const auto& b) {
      return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    });
    return std::move(out_);
  }

 private:
  void say(const parse::IniPlace& place, std::string says, std::string help) {
    out_.push_back({place, std::move(says), std::move(help)});
  }

  // nullptr for [common] and for no command.
  const Manual* manual(std::string_view section) const {
    for (size_t i = 0; i < names_.size(); ++i)
      if (names_[i] == section) return &manuals_[i];
    return nullptr;
  }

  void inspect_section(const parse::IniWord& section) {
    if (section.text == kCommonSection || manual(section.text)) return;
    std::vector<std::string> known = names_;
    known.insert(known.begin(), std::string(kCommonSection));
    say(section.place, "no such section: [" + base::printable(section.text) + "]",
        did_you_mean(section.text, known));
  }

  void inspect_entry(const parse::IniEntry& entry) {
    const std::string key = base::printable(entry.key.text);
    if (entry.section.text.empty())
      return say(entry.key.place, key + " stands before any section",
                 "put it below [" + std::string(kCommonSection) + "]");
    std::optional<Option> option;
    std::vector<std::string> known;
    if (entry.section.text == kCommonSection) {
      std::vector<std::string> owners;
      for (size_t i = 0; i < manuals_.size(); ++i) {
        const auto keys = keys_of(manuals_[i].options);
        known.insert(known.end(), keys.begin(), keys.end());
        if (std::find(keys.begin(), keys.end(), entry.key.text) != keys.end())
          owners.push_back(names_[i]);
      }
      option = common_option(entry.key.text);
      if (!option && !owners.empty())
        return say(entry.key.place, key + " means different things to different commands",
                   "put it below " + quoted_list(owners));
    } else if (const Manual* page = manual(entry.section.text)) {
      known = keys_of(page->options);
      if (const Option* found = find_option(page->options, entry.key.text)) option = *found;
    } else {
      return;  // the section is a mistake already
    }
    if (option && !can_be_set(*option))
      return say(entry.key.place, key + " can only be given on the command line", "");
    if (!option)
      return say(entry.key.place, "no such setting: " + key, did_you_mean(entry.key.text, known));
    std::string wrong = value_mistake(*option, entry.value.text, look_);
    if (!wrong.empty()) say(entry.value.place, key + ": " + wrong, "");
  }

  bool look_;
  std::vector<Manual> manuals_;
  std::vector<std::string> names_;
  std::vector<SettingsMistake> out_;
};

}  // namespace

SettingsText read_settings(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kLargest + 1, '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  std::error_code error;
  const bool folder = std::filesystem::is_directory(path, error);
  if (folder || file.bad() || !file.is_open() || static_cast<size_t>(file.gcount()) > kLargest)
    throw base::UserError("cannot read the settings", base::printable(path), {},
                          folder           ? "it is a directory"
                          : file.is_open() ? "it is larger than settings are"
                                           : "it cannot be opened",
                          "name another file with --config (/dev/null: none), or see: ngxdiag "
                          "config init --help");
  text.resize(static_cast<size_t>(file.gcount()));
  return {path, std::move(text)};
}

std::optional<SettingsText> read_settings() {
  const char* named = std::getenv("NGXDIAG_CONFIG");
  if (named && *named) return read_settings(std::string(named));
  std::error_code error;
  if (!std::filesystem::exists(kSettingsFile, error)) return std::nullopt;
  return read_settings(std::string(kSettingsFile));
}

bool can_be_set(const Option& option) {
  return std::find(std::begin(kOnlyByHand), std::end(kOnlyByHand), option.name) ==
         std::end(kOnlyByHand);
}

std::optional<Option> common_option(std::string_view key) {
  std::optional<Option> out;
  for (const Command& command : commands()) {
    const Manual manual = command.manual();
    const Option* option = find_option(manual.options, key);
    if (!option) continue;
    if (out && (out->argument != option->argument || out->values != option->values))
      return std::nullopt;
    if (!out) out = *option;
  }
  return out;
}

std::vector<Option> shared_settings() {
  std::set<std::string_view> seen, taken;
  std::vector<Option> out;
  for (const Command& command : commands())
    for (const Option& option : command.manual().options)
      if (can_be_set(option) && !seen.insert(option.name).second && common_option(option.name) &&
          taken.insert(option.name).second)
        out.push_back(option);
  return out;
}

std::vector<SettingsMistake> settings_mistakes(std::string_view text, bool look) {
  return Inspector(look).inspect(text);
}

Arguments with_settings(const Command& command, const Arguments& arguments) {
  if (command.name == "help" || command.name == "version") return arguments;
  if (command.name == "config" && is_settings_word(arguments)) return arguments;
  const Manual manual = command.manual();
  const CommandLine line(std::string(manual.name), manual.options, arguments);
  if (line.has("help")) return arguments;
  const auto settings = read_settings();
  if (!settings) return arguments;
  const auto mistakes = settings_mistakes(settings->text, false);
  if (!mistakes.empty()) {
    const SettingsMistake& first = mistakes.front();
    throw base::UserError(
        first.says,
        base::printable(settings->where) + ":" + std::to_string(first.place.line) + ":" +
            std::to_string(first.place.column),
        {}, first.help,
        mistakes.size() == 1
            ? "mend it, or do without: ngxdiag --config /dev/null ..."
            : "and " + base::plural(static_cast<int64_t>(mistakes.size()) - 1, "other mistake") +
                  "; see: ngxdiag config validate");
  }
  const parse::Ini ini = parse::parse_ini(settings->text);
  const auto in_own_section = [&](std::string_view key) {
    return std::any_of(ini.entries.begin(), ini.entries.end(), [&](const auto& entry) {
      return entry.section.text == command.name && entry.key.text == key;
    });
  };
  Arguments out;
  for (const parse::IniEntry& entry : ini.entries) {
    const Option* option = find_option(manual.options, entry.key.text);
    if (!option || line.has(entry.key.text)) continue;
    const bool common = entry.section.text == kCommonSection;
    if (common ? in_own_section(entry.key.text) : entry.section.text != command.name) continue;
    const std::string spelling = "--" + std::string(option->name);
    if (!option->argument.empty())
      out.push_back(spelling + "=" + std::string(entry.value.text));
    else if (entry.value.text == "yes")
      out.push_back(spelling);
  }
  out.insert(out.end(), arguments.begin(), arguments.end());
  return out;
}

}  // namespace ngxdiag::tools
