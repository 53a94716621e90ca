// Settings in the manner of INI files, with the place of each word, for messages that point at it.
//   # what counts as bad
//   [check]
//   warning = processes=100
// A line is a comment (# or ;), a [section], or KEY = VALUE; the value is the rest of the line
// without the blanks around it, so a # within it is part of it. Nothing is quoted or continued.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::parse {

// Both count from 1; columns are bytes.
struct IniPlace {
  size_t line = 0, column = 0;
};

struct IniWord {
  std::string_view text;  // into the parsed text
  IniPlace place;
};

struct IniEntry {
  IniWord section;  // empty before the first section
  IniWord key, value;
};

struct IniMistake {
  IniPlace place;
  std::string says;  // "a section ends with ]"
};

// What could be read, in the order of the lines, and what could not. Views point into `text`.
struct Ini {
  std::vector<IniWord> sections;
  std::vector<IniEntry> entries;
  std::vector<IniMistake> mistakes;
};

Ini parse_ini(std::string_view text);

}  // namespace ngxdiag::parse
