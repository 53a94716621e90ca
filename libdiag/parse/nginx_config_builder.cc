#include "libdiag/parse/nginx_config_builder.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "libdiag/parse/glob.h"

namespace ngxdiag::parse {
namespace {

constexpr std::string_view kLuaBlock = "_by_lua_block";
constexpr size_t kFileCost = 256;  // charged for every file, so that empty ones are bounded too

bool ends_with(std::string_view text, std::string_view tail) {
  return text.size() >= tail.size() && text.substr(text.size() - tail.size()) == tail;
}

// Directives that are always a block, and never one, in nginx and all its descendants.
constexpr std::array<std::string_view, 8> kAlwaysBlock = {
    "events", "geo", "http", "if", "limit_except", "location", "map", "types"};
constexpr std::array<std::string_view, 40> kNeverBlock = {"access_log",
                                                          "add_header",
                                                          "alias",
                                                          "allow",
                                                          "autoindex",
                                                          "client_max_body_size",
                                                          "default_type",
                                                          "deny",
                                                          "error_log",
                                                          "error_page",
                                                          "expires",
                                                          "fastcgi_param",
                                                          "fastcgi_pass",
                                                          "gzip",
                                                          "gzip_types",
                                                          "include",
                                                          "index",
                                                          "keepalive_timeout",
                                                          "listen",
                                                          "load_module",
                                                          "log_format",
                                                          "pid",
                                                          "proxy_pass",
                                                          "proxy_set_header",
                                                          "resolver",
                                                          "return",
                                                          "rewrite",
                                                          "root",
                                                          "sendfile",
                                                          "server_name",
                                                          "set",
                                                          "ssl_certificate",
                                                          "ssl_certificate_key",
                                                          "ssl_ciphers",
                                                          "ssl_protocols",
                                                          "try_files",
                                                          "user",
                                                          "uwsgi_pass",
                                                          "worker_connections",
                                                          "worker_processes"};
static_assert(std::is_sorted(kAlwaysBlock.begin(), kAlwaysBlock.end()));
static_assert(std::is_sorted(kNeverBlock.begin(), kNeverBlock.end()));

template <size_t N>
bool listed(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::binary_search(names.begin(), names.end(), name);
}

}  // namespace

ConfigBuilder::ConfigBuilder(const ConfigLimits& limits, bool skip_cuts)
    : limits_(limits),
      skip_cuts_(skip_cuts),
      source_left_(limits.source_bytes),
      memory_left_(limits.memory_bytes) {}

void ConfigBuilder::problem(ConfigProblem what) {
  if (config_.problems.size() < limits_.problems) config_.problems.push_back(std::move(what));
}

void ConfigBuilder::stop(const Frame& frame, std::string says) {
  const int line = frame.lexer ? frame.lexer->line() : 0;
  problem({frame.file, line, 0, std::move(says), {}});
  frames_.clear();
  open_.clear();
}

std::vector<Directive>& ConfigBuilder::current() {
  return open_.empty() ? config_.directives : open_.back()->children;
}

void ConfigBuilder::add_text(std::string file, std::string_view text) {
  auto frame = std::make_unique<Frame>();
  frame->file = std::move(file);
  frame->text = text;
  frames_.push_back(std::move(frame));
  run();
}

void ConfigBuilder::add_file(const std::string& file) {
  auto frame = std::make_unique<Frame>();
  frame->file = file;
  frames_.push_back(std::move(frame));
  run();
}

Config ConfigBuilder::take() {
  for (const Directive& directive : config_.directives)
    if (directive.block &&
        (directive.name == "events" || directive.name == "http" || directive.name == "stream"))
      config_.complete = true;
  return std::move(config_);
}

void ConfigBuilder::run() {
  while (!frames_.empty()) {
    Frame& frame = *frames_.back();
    if (!frame.lexer && !begin(frame)) continue;
    step(frame);
  }
}

// Opens the file of a frame; false when there is nothing to read and the frame is gone.
bool ConfigBuilder::begin(Frame& frame) {
  if (!frame.text && includes_) frame.text = includes_->read(frame.file);
  if (!frame.text) {
    ConfigProblem missing = frame.include_at;
    missing.says = includes_ ? includes_->missing(frame.file) : std::string();
    if (missing.line == 0) missing.file = frame.file;
    problem(std::move(missing));
    frames_.pop_back();
    return false;
  }
  const size_t cost = frame.text->size() + kFileCost;
  if (cost > source_left_) {
    stop(frame, "the configuration is too large, the rest is not read");
    return false;
  }
  source_left_ -= cost;
  frame.outer_blocks = open_.size();
  frame.seen_before = !read_.insert(frame.file).second;
  if (!frame.seen_before && !frame.file.empty()) config_.files.push_back(frame.file);
  frame.lexer = std::make_unique<ConfigLexer>(*frame.text, skip_cuts_);
  return true;
}

void ConfigBuilder::collect_notes(Frame& frame) {
  ConfigLexer& lexer = *frame.lexer;
  if (!frame.seen_before) {
    for (ConfigProblem& found : lexer.problems) {
      found.file = frame.file;
      problem(std::move(found));
    }
    for (ConfigComment& comment : lexer.comments) {
      comment.file = frame.file;
      const size_t cost = sizeof(ConfigComment) + frame.file.size() + comment.text.size();
      if (cost > memory_left_) break;
      memory_left_ -= cost;
      config_.comments.push_back(std::move(comment));
    }
  }
  lexer.problems.clear();
  lexer.comments.clear();
}

void ConfigBuilder::step(Frame& frame) {
  frame.lexer->next(statement_);
  collect_notes(frame);
  switch (statement_.end) {
    case Statement::End::kSemicolon:
      if (!too_deep_) add_directive(frame, false);
      return;
    case Statement::End::kBlockStart:
      if (too_deep_ || open_.size() >= static_cast<size_t>(limits_.block_depth)) {
        if (!depth_noted_)
          problem({frame.file,
                   statement_.line,
                   statement_.column,
                   "blocks are nested too deeply, the inner ones are not read",
                   {}});
        depth_noted_ = true;
        ++too_deep_;
        return;
      }
      add_directive(frame, true);
      return;
    case Statement::End::kBlockDone:
      if (too_deep_) {
        --too_deep_;
      } else if (open_.size() > frame.outer_blocks) {
        open_.back()->end_line = statement_.line;
        open_.pop_back();
      } else if (!frame.seen_before) {
        problem({frame.file, statement_.line, statement_.column, "unexpected \"}\"", {}});
      }
      return;
    case Statement::End::kFileDone: end_of_file(frame); return;
  }
}

void ConfigBuilder::end_of_file(Frame& frame) {
  const bool half = !statement_.words.empty();
  if (half && !too_deep_) {
    // Without the `;`; an include at the very end is still followed.
    const size_t frames = frames_.size();
    add_directive(frame, false);
    if (frames_.size() != frames) return;
  }
  if (open_.size() > frame.outer_blocks) {
    const Directive& block = *open_.back();
    if (!half && !frame.seen_before)
      problem({frame.file, statement_.line, statement_.column,
               "unexpected end of file, expecting \"}\"",
               block.name + " { of line " + std::to_string(block.line) + " is not closed"});
    while (open_.size() > frame.outer_blocks) {
      open_.back()->end_line = statement_.line;
      open_.pop_back();
    }
  }
  too_deep_ = 0;
  frames_.pop_back();
}

void ConfigBuilder::add_directive(Frame& frame, bool block) {
  Directive directive;
  std::vector<ConfigArg>& words = statement_.words;
  size_t cost = sizeof(Directive) + frame.file.size() + words.size() * sizeof(ConfigArg);
  for (const ConfigArg& word : words) cost += word.value.size();
  if (cost > memory_left_) {
    stop(frame, "the configuration is too large, the rest is not read");
    return;
  }
  memory_left_ -= cost;
  directive.line = statement_.line;
  directive.column = statement_.column;
  if (!words.empty()) {
    directive.name = std::move(words[0].value);
    directive.name_quoted = words[0].quoted;
    directive.line = words[0].line;
    directive.column = words[0].column;
    directive.args.assign(std::make_move_iterator(words.begin() + 1),
                          std::make_move_iterator(words.end()));
  }
  directive.file = frame.file;
  directive.end_line = statement_.line;
  directive.block = block;
  if (!frame.seen_before) check_terminator(frame, directive, block);

  const bool lua = block && ends_with(directive.name, kLuaBlock);
  if (lua) {
    directive.raw_body = frame.lexer->lua_body();
    directive.end_line = frame.lexer->line();
    memory_left_ -= std::min(memory_left_, directive.raw_body.size());
    collect_notes(frame);
  }
  std::vector<Directive>& here = current();
  here.push_back(std::move(directive));
  if (block && !lua) open_.push_back(&here.back());
  if (!block && here.back().name == "include" && includes_) include(frame, here.back());
}

void ConfigBuilder::check_terminator(const Frame& frame, const Directive& directive, bool block) {
  ConfigProblem what{frame.file, statement_.line, statement_.column, {}, {}};
  if (!open_.empty() && is_data_block(*open_.back())) {
    if (block) what.says = "unexpected \"{\"";
  } else if (!block && statement_.end == Statement::End::kSemicolon &&
             listed(kAlwaysBlock, directive.name)) {
    what.says = "directive \"" + directive.name + "\" has no opening \"{\"";
  } else if (block && listed(kNeverBlock, directive.name)) {
    what.says = "directive \"" + directive.name + "\" is not terminated by \";\"";
  }
  if (!what.says.empty()) problem(std::move(what));
}

void ConfigBuilder::include(Frame& frame, const Directive& directive) {
  if (directive.args.size() != 1) {
    problem({frame.file,
             directive.line,
             directive.column,
             "invalid number of arguments in \"include\" directive",
             {}});
    return;
  }
  std::string path = directive.args[0].value;
  if (path.empty() || path[0] != '/') path = includes_->prefix + path;
  if (!has_wildcard(path)) {
    push_include(frame, directive, std::move(path));
    return;
  }
  std::vector<std::string> names = includes_->expand(path);
  for (auto it = names.rbegin(); it != names.rend(); ++it)
    push_include(frame, directive, std::move(*it));
}

// The file read last must be pushed first.
void ConfigBuilder::push_include(Frame& frame, const Directive& directive, std::string path) {
  ConfigProblem at{frame.file, directive.line, directive.column, {}, {}};
  const Frame* outer = &frame;
  while (outer && outer->file != path) outer = outer->parent;
  if (outer || frame.depth >= limits_.include_depth) {
    at.says = outer ? "include cycle: \"" + path + "\" includes itself"
                    : "includes are nested too deeply, \"" + path + "\" is not read";
    problem(std::move(at));
    return;
  }
  auto inner = std::make_unique<Frame>();
  inner->file = std::move(path);
  inner->depth = frame.depth + 1;
  inner->parent = &frame;
  inner->include_at = std::move(at);
  frames_.push_back(std::move(inner));
}

}  // namespace ngxdiag::parse
