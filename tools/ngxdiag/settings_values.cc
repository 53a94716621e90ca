// What can be told of a setting's value without running its command.
#include <algorithm>
#include <filesystem>

#include "libdiag/base/text.h"
#include "libdiag/render/nagios.h"
#include "libdiag/render/nagios_range.h"
#include "tools/ngxdiag/settings.h"

namespace ngxdiag::tools {
namespace {

std::string one_of(std::string_view value, std::string_view values) {
  std::vector<std::string> known;
  for (const std::string_view word : base::words(values)) known.emplace_back(word);
  if (std::find(known.begin(), known.end(), value) != known.end()) return "";
  const std::string near = base::closest(value, known);
  return "unknown value " + base::printable(value) +
         (near.empty() ? "; one of: " + base::join(known, ", ") : "; did you mean " + near + "?");
}

std::string threshold(std::string_view value) {
  const size_t equals = value.find('=');
  if (equals != std::string_view::npos) {
    std::string names;
    for (const render::NagiosMetric& metric : render::nagios_metrics())
      names += (names.empty() ? "" : " ") + std::string(metric.name);
    if (std::string wrong = one_of(value.substr(0, equals), names); !wrong.empty()) return wrong;
    value.remove_prefix(equals + 1);
  }
  if (render::NagiosRange::parse(std::string(value))) return "";
  return "not a range: " + base::printable(value) +
         "; write for example 10, 10: (below 10) or @10:20 (inside)";
}

// A file or folder that is read, and so has to be there.
std::string missing(const Option& option, std::string_view value) {
  std::error_code error;
  const std::string path(value);
  if (option.argument == "DIR" && option.name == "rules" &&
      !std::filesystem::is_directory(path, error))
    return "no such directory: " + base::printable(value);
  if ((option.name == "suppress" || option.name == "baseline") &&
      !std::filesystem::exists(path, error))
    return "no such file: " + base::printable(value);
  return "";
}

}  // namespace

std::string value_mistake(const Option& option, std::string_view value, bool look) {
  if (option.argument.empty())
    return value == "yes" || value == "no" ? "" : "write yes or no, not " + base::printable(value);
  if (value.empty()) return "a value is needed: " + std::string(option.argument);
  if (option.argument.ends_with("=FILE") && !option.values.empty()) {
    const size_t equals = value.find('=');
    if (equals == std::string_view::npos || equals + 1 == value.size())
      return "not " + std::string(option.argument) + ": " + base::printable(value);
    return one_of(value.substr(0, equals), option.values);
  }
  if (!option.values.empty()) return one_of(value, option.values);
  if (option.argument == "COLUMNS" || option.argument == "COUNT" || option.argument == "DAYS") {
    const auto number = base::parse_int(value);
    if (!number || *number < 0) return "not a number: " + base::printable(value);
  }
  if (option.argument.ends_with("RANGE")) return threshold(value);
  if ((option.argument == "FILE" || option.argument == "DIR") && value[0] != '/' && value != "-")
    return "write the whole path, from / on: " + base::printable(value);
  return look ? missing(option, value) : "";
}

}  // namespace ngxdiag::tools
