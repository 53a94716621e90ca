// Statements to tree: blocks, spliced includes, and the bounds that keep hostile input harmless.
// Used by parse_config_*() and load_config() only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/parse/nginx_config.h"
#include "libdiag/parse/nginx_config_lexer.h"

namespace ngxdiag::parse {

class ConfigBuilder {
 public:
  struct Includes {
    std::string prefix;  // of relative names, ends in a slash
    // The text of a file; it stays valid until the builder is done.
    std::function<std::optional<std::string_view>(const std::string& path)> read;
    std::function<std::vector<std::string>(const std::string& pattern)> expand;
    std::function<std::string(const std::string& path)> missing;  // the problem's words
  };

  ConfigBuilder(const ConfigLimits& limits, bool skip_cuts);

  // Without this call includes stay unresolved.
  void resolve(Includes includes) { includes_ = std::move(includes); }

  // Parse at the top level, with everything it includes.
  void add_text(std::string file, std::string_view text);
  void add_file(const std::string& file);

  bool has_read(std::string_view file) const { return read_.count(file) > 0; }
  Config take();

 private:
  // One file being read; its includes are frames above it.
  struct Frame {
    std::string file;
    std::optional<std::string_view> text;  // read when the frame comes to the top, if not given
    std::unique_ptr<ConfigLexer> lexer;    // made then
    size_t outer_blocks = 0;               // blocks open where the file began
    int depth = 0;                         // how many files include this one
    const Frame* parent = nullptr;
    ConfigProblem include_at;  // the include that named it, for problems; empty for a main file
    bool seen_before = false;  // its own problems were noted then
  };

  void run();
  bool begin(Frame& frame);
  void step(Frame& frame);
  void end_of_file(Frame& frame);
  void add_directive(Frame& frame, bool block);
  void check_terminator(const Frame& frame, const Directive& directive, bool block);
  void include(Frame& frame, const Directive& directive);
  void push_include(Frame& frame, const Directive& directive, std::string path);
  void collect_notes(Frame& frame);
  void problem(ConfigProblem what);
  void stop(const Frame& frame, std::string says);
  std::vector<Directive>& current();

  Config config_;
  ConfigLimits limits_;
  bool skip_cuts_;
  std::optional<Includes> includes_;
  std::vector<std::unique_ptr<Frame>> frames_;
  std::vector<Directive*> open_;  // each is the last child of the one before
  Statement statement_;
  std::set<std::string, std::less<>> read_;
  size_t too_deep_ = 0;  // blocks open beyond the depth that is kept
  bool depth_noted_ = false;
  size_t source_left_, memory_left_;
};

}  // namespace ngxdiag::parse
