#include "tools/ngxdiag/command_line.h"

#include <boost/program_options.hpp>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"

namespace ngxdiag::tools {
namespace {

namespace po = boost::program_options;

po::options_description describe(const std::vector<Option>& options) {
  po::options_description description;
  for (const Option& option : options) {
    std::string spelling(option.name);
    if (option.letter) spelling += std::string(",") + option.letter;
    if (option.argument.empty())
      description.add_options()(spelling.c_str(), "");
    else
      description.add_options()(spelling.c_str(), po::value<std::vector<std::string>>(), "");
  }
  return description;
}

std::string see_help(const std::string& program) { return "see: " + program + " --help"; }

[[noreturn]] void unknown_option(const std::string& program, const std::vector<Option>& options,
                                 std::string given) {
  std::vector<std::string> names;
  for (const Option& option : options) names.push_back("--" + std::string(option.name));
  const std::string near = given.starts_with("--") ? base::closest(given, names) : "";
  throw base::UserError("unknown option " + base::printable(given), program, {},
                        near.empty() ? "" : "did you mean " + near + "?", see_help(program));
}

}  // namespace

CommandLine::CommandLine(std::string program, const std::vector<Option>& options,
                         const Arguments& arguments)
    : program_(std::move(program)) {
  const po::options_description description = describe(options);
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  try {
    const po::parsed_options parsed =
        po::command_line_parser(arguments).options(description).style(style).run();
    for (const po::option& option : parsed.options) {
      if (option.string_key.empty() || option.position_key >= 0) {
        rest_.insert(rest_.end(), option.value.begin(), option.value.end());
        continue;
      }
      auto& values = values_[option.string_key];
      values.insert(values.end(), option.value.begin(), option.value.end());
    }
  } catch (const po::unknown_option& error) {
    unknown_option(program_, options, error.get_option_name());
  } catch (const po::error_with_option_name& error) {
    const std::string name = base::printable(error.get_option_name());
    std::string argument;
    for (const Option& option : options)
      if ("--" + std::string(option.name) == name ||
          (option.letter && name == std::string("-") + option.letter))
        argument = option.argument;
    throw base::UserError(argument.empty() ? name + " takes no value" : name + " needs a value",
                          program_, {}, argument.empty() ? "" : "write " + name + " " + argument,
                          see_help(program_));
  } catch (const po::error& error) {
    throw base::UserError(base::printable(error.what()), program_, {}, {}, see_help(program_));
  }
}

std::optional<std::string> CommandLine::value(std::string_view name) const {
  const auto it = values_.find(std::string(name));
  if (it == values_.end() || it->second.empty()) return std::nullopt;
  return it->second.back();
}

std::vector<std::string> CommandLine::values(std::string_view name) const {
  const auto it = values_.find(std::string(name));
  return it == values_.end() ? std::vector<std::string>() : it->second;
}

void CommandLine::at_most(size_t count) const {
  if (rest_.size() > count)
    throw base::UserError("one argument too many: " + base::printable(rest_[count]), program_, {},
                          {}, see_help(program_));
}

}  // namespace ngxdiag::tools
