// The options and arguments of one subcommand: the one place for Boost.Program_options.
//   const Option kOptions[] = {{"format", 'f', "FORMAT", "how to print the report"}, {"quiet", 'q',
//   "", "…"}}; CommandLine line("ngxdiag scan", kOptions, arguments);
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/ngxdiag/command.h"

namespace ngxdiag::tools {

struct Option {
  std::string_view name;      // without dashes
  char letter = 0;            // 0: none
  std::string_view argument;  // "FILE"; empty for a switch
  std::string_view text;      // for --help
  std::string_view values =
      {};  // "auto always never" where these are all; for FORMAT=FILE those of FORMAT
};

class CommandLine {
 public:
  // Throws base::UserError for an unknown option ("did you mean"), a missing or an extra value.
  // `program` is named in the messages ("ngxdiag scan").
  CommandLine(std::string program, const std::vector<Option>& options, const Arguments& arguments);

  bool has(std::string_view name) const { return values_.count(std::string(name)) > 0; }
  // The last value given.
  std::optional<std::string> value(std::string_view name) const;
  std::vector<std::string> values(std::string_view name) const;
  const std::vector<std::string>& rest() const { return rest_; }

  // Throws base::UserError when there are more arguments than `count`.
  void at_most(size_t count) const;
  const std::string& program() const { return program_; }

 private:
  std::string program_;
  std::map<std::string, std::vector<std::string>> values_;
  std::vector<std::string> rest_;
};

}  // namespace ngxdiag::tools
