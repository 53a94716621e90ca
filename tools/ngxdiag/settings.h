// The settings of this site: what stands in /etc/ngxdiag/ngxdiag.conf counts as if it were written
// on the command line.
//   [common]                # every command that has the option
//   fail-on = critical
//   [check]                 # this command alone; goes before [common]
//   warning = reloads_left=10:
// A key is an option's long name. An option that is given on the command line replaces all that the
// file says of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/parse/ini.h"
#include "tools/ngxdiag/manual.h"

namespace ngxdiag::tools {

inline constexpr const char* kSettingsFile = "/etc/ngxdiag/ngxdiag.conf";
inline constexpr std::string_view kCommonSection = "common";

// A text and the name to show for it.
struct SettingsText {
  std::string where, text;
};
SettingsText read_settings(const std::string& path);
// The file that NGXDIAG_CONFIG names (ngxdiag --config FILE sets it), else kSettingsFile where it
// exists. Both throw base::UserError for a file that cannot be read.
std::optional<SettingsText> read_settings();

struct SettingsMistake {
  parse::IniPlace place;
  std::string says;
  std::string help;  // may be empty
};
// All of them, in the order of the lines. `look` is whether files that are named must be there.
std::vector<SettingsMistake> settings_mistakes(std::string_view text, bool look);

// Why `value` cannot be the option's; empty when it can.
std::string value_mistake(const Option& option, std::string_view value, bool look);

// False for options that say what to look at, or how, this once: they cannot be set in a file.
bool can_be_set(const Option& option);

// The option `key` of all commands that have it; empty without one, or when they do not mean the
// same.
std::optional<Option> common_option(std::string_view key);

// `arguments` of `command` with those of the settings in front. Throws base::UserError when the
// settings hold a mistake; a request for help is left alone.
Arguments with_settings(const Command& command, const Arguments& arguments);

// The options of several commands that mean the same to all, in the order of their first command.
std::vector<Option> shared_settings();

// The commented file in which nothing is set, and ngxdiag.conf(5).
std::string default_settings();
std::string settings_page();

// ngxdiag config init | validate, which no setting touches.
inline constexpr std::string_view kSettingsWords[] = {"init", "validate"};
Manual settings_manual();
bool is_settings_word(const Arguments& arguments);
int run_settings(const Arguments& arguments);

}  // namespace ngxdiag::tools
