#include "libdiag/parse/nginx_config_lexer.h"

#include <doctest/doctest.h>

#include <string>

using namespace ngxdiag::parse;

namespace {

// "name|arg|arg;" or "…{", "}" and "." for the end of the file, plus "!problem" lines.
std::string lexed(std::string_view text, bool skip_cuts = false) {
  ConfigLexer lexer(text, skip_cuts);
  Statement statement;
  std::string out;
  for (;;) {
    lexer.next(statement);
    for (size_t i = 0; i < statement.words.size(); ++i)
      out += (i ? "|" : "") + statement.words[i].value;
    switch (statement.end) {
      case Statement::End::kSemicolon: out += ';'; break;
      case Statement::End::kBlockStart: out += '{'; break;
      case Statement::End::kBlockDone: out += '}'; break;
      case Statement::End::kFileDone:
        out += '.';
        for (const ConfigProblem& problem : lexer.problems) out += "!" + problem.says;
        return out;
    }
  }
}

}  // namespace

TEST_CASE("words end at blanks and terminators only") {
  CHECK(lexed("user www-data;") == "user|www-data;.");
  CHECK(lexed("a{b c;}d\te\r\n;") == "a{b|c;}d|e;.");
  CHECK(lexed("location ~ ^/a}b$ {}") == "location|~|^/a}b${}.");
  CHECK(lexed("set $x a#b;") == "set|$x|a#b;.");
  CHECK(lexed("a # b; c\nd;") == "a|d;.");
}

TEST_CASE("a brace after a dollar belongs to the word") {
  CHECK(lexed("root /srv/${host}/x;") == "root|/srv/${host}/x;.");
  CHECK(lexed("a ${{b}};") == "a|${{b}};.");
  CHECK(lexed("a $b{c;}") == "a|$b{c;}.");
  CHECK(lexed("return 200 \"{${x}}\";") == "return|200|{${x}};.");
}

TEST_CASE("quotes and escapes") {
  CHECK(lexed("a \"b c\" 'd;{}e';") == "a|b c|d;{}e;.");
  CHECK(lexed("a \"\" '';") == "a||;.");
  CHECK(lexed("a \"\\\"\\'\\\\\\t\\r\\n\\x\";") == "a|\"'\\\t\r\n\\x;.");
  CHECK(lexed("a b\\ c\\;d;") == "a|b\\ c\\;d;.");
  CHECK(lexed("a x\"y;") == "a|x\"y;.");
  CHECK(lexed("a \"b\nc\";") == "a|b\nc;.");
  CHECK(lexed("if ($a = \"b\") {}") == "if|($a|=|b|){}.");
}

TEST_CASE("what nginx refuses is named and reading goes on") {
  CHECK(lexed("a;;b;") == "a;b;.!unexpected \";\"");
  CHECK(lexed("{a;}") == "{a;}.!unexpected \"{\"");
  CHECK(lexed("a{b}") == "a{b}.!unexpected end of file, expecting \";\" or \"}\"");
  CHECK(lexed("a{b }c;") == "a{b;}c;.!unexpected \"}\"");
  CHECK(lexed("a \"b\"c;") == "a|b|c;.!unexpected \"c\"");
  CHECK(lexed("a b") == "a|b.!unexpected end of file, expecting \";\" or \"}\"");
  CHECK(lexed("a \"b;\nc d;") == "a|b;|c|d;.!unexpected end of file, expecting \";\" or \"}\"");
}

TEST_CASE("words longer than nginx's buffer are read and noted") {
  const std::string fits(4095, 'x'), longer(4096, 'x');
  CHECK(lexed("a " + fits + ";") == "a|" + fits + ";.");
  CHECK(lexed("a " + longer + ";") ==
        "a|" + longer + ";.!too long parameter \"xxxxxxxxxx...\" started");
  CHECK(lexed("a '" + longer + "';") ==
        "a|" + longer + ";.!too long parameter, probably missing terminating \"'\" character");
}

TEST_CASE("a byte order mark is nginx's unknown directive, and skipped") {
  CHECK(lexed("\xEF\xBB\xBFuser a;") == "user|a;.!unknown directive \"\xEF\xBB\xBFuser\"");
}

TEST_CASE("cut marks are skipped in pasted text only") {
  CHECK(lexed("a;\n...\nb { … }\n[...]\nc;\n<snip>\n... more servers ...\nd;", true) ==
        "a;b{}c;d;.");
  CHECK(lexed("nchan_redis_server ...;", true) == "nchan_redis_server|...;.");
  CHECK(lexed("...;") == "...;.");
  CHECK(lexed("a;\n...\n}", true) == "a;}.");
}

TEST_CASE("lines and columns count from one") {
  ConfigLexer lexer("a\n  'b\nc' d;\n", false);
  Statement statement;
  lexer.next(statement);
  REQUIRE(statement.words.size() == 3);
  CHECK(statement.words[0].line == 1);
  CHECK(statement.words[0].column == 1);
  CHECK(statement.words[1].line == 2);
  CHECK(statement.words[1].column == 3);
  CHECK(statement.words[1].quoted);
  CHECK(statement.words[2].line == 3);
  CHECK(statement.words[2].column == 4);
  CHECK(statement.line == 3);
  CHECK(statement.column == 5);
}

TEST_CASE("Lua bodies end at their own brace") {
  const auto body = [](std::string_view text) {
    ConfigLexer lexer(text, false);
    std::string lua = lexer.lua_body();
    for (const ConfigProblem& problem : lexer.problems) lua += "!" + problem.says;
    Statement rest;
    lexer.next(rest);
    return lua + "|" + (rest.words.empty() ? "" : rest.words[0].value);
  };
  CHECK(body(" ngx.say({1}) } x;") == " ngx.say({1}) |x");
  CHECK(body(" local a = \"}\" .. '}' .. [[}]] .. [==[ ]] } ]==] } x;") ==
        " local a = \"}\" .. '}' .. [[}]] .. [==[ ]] } ]==] |x");
  CHECK(body("-- don't }\n --[[ } ]] --[=[ } ]] ]=] } x;") ==
        "-- don't }\n --[[ } ]] --[=[ } ]] ]=] |x");
  CHECK(body(" a = \"\\\"}\" } x;") == " a = \"\\\"}\" |x");
  CHECK(body(" a = t[1] } x;") == " a = t[1] |x");
  CHECK(body(" { } ") ==
        " { } !unexpected end of file, expecting terminating characters for lua code block|");
  CHECK(body(" [[ } ") ==
        " [[ } !Lua code block missing the closing long bracket \"]]\", "
        "the inlined Lua code may be too long|");
}
