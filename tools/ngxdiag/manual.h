// What a subcommand says of itself: `--help`, and whatever else is made from the same source.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/ngxdiag/command_line.h"

namespace ngxdiag::tools {

struct Section {
  std::string_view title;
  std::vector<std::string_view> paragraphs;
};

struct Example {
  std::string_view command;
  std::string_view says;
};

struct Manual {
  std::string_view name;                     // "ngxdiag scan"
  std::vector<std::string_view> synopsis;    // "[OPTION]... [FILE]..."
  std::vector<std::string_view> paragraphs;  // what it does
  std::vector<Option> options;
  std::vector<Section> sections;
  std::vector<std::string_view> exit_status;  // "0  all is well"; kVerdictStatus for reports
  std::vector<Example> examples;
  std::vector<std::string_view> words = {};  // what the first argument can be, where it is no FILE
};

extern const std::vector<std::string_view> kVerdictStatus;
extern const std::vector<std::string_view> kPlainStatus;

// At most 80 columns wide.
std::string help_text(const Manual& manual);

// Prints the help and gives true when --help is among the options.
bool asked_for_help(const CommandLine& line, const Manual& manual);

}  // namespace ngxdiag::tools
