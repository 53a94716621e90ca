// Words and terminators of one configuration file, by the rules of ngx_conf_read_token
// (src/core/ngx_conf_file.c) and, for Lua blocks, of ngx_http_lua_conf_read_lua_token
// (lua-nginx-module, src/ngx_http_lua_directive.c). Iterative and linear.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/parse/nginx_config.h"

namespace ngxdiag::parse {

// One statement: the words up to a terminator.
struct Statement {
  enum class End {
    kSemicolon,   // name args… ;
    kBlockStart,  // name args… {
    kBlockDone,   // } (without words before it)
    kFileDone,    // nothing left; words before it are a statement that lacks its `;`
  };
  End end = End::kFileDone;
  std::vector<ConfigArg> words;
  int line = 0, column = 0;  // of the terminator
};

class ConfigLexer {
 public:
  // REQUIRES: `text` outlives the lexer. `skip_cuts`: ignore `...` and `…` where a word should
  // begin a statement. Problems have no file name yet.
  ConfigLexer(std::string_view text, bool skip_cuts);

  // Reads the next statement into `statement`, whose storage is reused.
  void next(Statement& statement);

  // The Lua code up to the brace that closes the block just begun, leaving the lexer behind that
  // brace.
  std::string lua_body();

  int line() const { return line_; }
  int column() const { return column_of(pos_); }
  bool at_end() const { return pos_ >= text_.size(); }

  std::vector<ConfigProblem> problems;
  std::vector<ConfigComment> comments;

 private:
  int column_of(size_t at) const { return static_cast<int>(at - line_start_) + 1; }
  void problem(std::string says, int line, int column);
  void newline_at(size_t at);
  void comment();
  bool cut();
  void skip_line();
  bool quoted_word(Statement& statement);
  void plain_word(Statement& statement);
  bool after_quotes();
  void note_length(size_t start, size_t end, int line, int column, char quote);
  void add_word(Statement& statement, std::string_view raw, bool escapes, bool quoted, int line,
                int column);
  void finish(Statement& statement, Statement::End end);
  size_t lua_string_end(size_t at, size_t unmatched[2]) const;

  std::string_view text_;
  size_t pos_ = 0;
  size_t line_start_ = 0;
  int line_ = 1;
  bool skip_cuts_;
  bool recovered_ = false;  // an unterminated quote was given up once; the next one ends the file
};

}  // namespace ngxdiag::parse
