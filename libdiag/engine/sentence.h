// Sentences and commands with places for facts.
//   "{deaths.total|some} workers died"        → "147 workers died", "some workers died"
//   "kill -9 {processes.master.pid|PID}"      → "kill -9 812"
//   "{stale.oldest_age:duration}, {stale.rss:size}" → "2 h 5 min, 512 MiB"
//   "awk '{{print $1}}'"                      → "awk '{print $1}'"
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libdiag/model/fact.h"

namespace ngxdiag::engine {

enum class Quoting {
  kPlain,  // prose: a long value is shortened; renderers escape what is left
  kShell,  // a command: each value quoted, a list as several words
};

// A place in a sentence.
struct Place {
  std::string_view name;   // as written: "deaths.total", "line.emfile.1"
  std::string_view form;   // "", or how to show it: duration, size, count, first
  std::string_view words;  // for when it is unknown
  bool has_words = false;
  size_t offset = 0;       // of its '{'
  bool in_quotes = false;  // stands inside '…', "…" or a here-document of a command
};

// What is wrong with the text, or empty; fills `places`.
std::string check_sentence(std::string_view text, std::vector<Place>& places);

// Fills in. `rule_id` tells whose patterns "line.NAME" are. An unknown fact without words becomes
// "unknown" (an empty one "none"), or in a command its name in capitals (PROCESSES_MASTER_PID).
// A value that must not be pasted (control bytes, a leading '-') counts as unknown in a command.
std::string fill(std::string_view text, std::string_view rule_id, const model::FactSet& facts,
                 Quoting quoting);

}  // namespace ngxdiag::engine
