// Pieces of Markdown in which nothing of the evidence can act as markup, link or HTML.
//   markdown_text("a*b <i>") -> "a\*b &lt;i\>"
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::render {

std::string markdown_text(std::string_view text);

// `text` between as many backticks as it needs.
std::string markdown_code(std::string_view text);

// Commands as a fenced block, each line behind `indent`.
std::string markdown_block(const std::vector<std::string>& commands, const std::string& indent);

}  // namespace ngxdiag::render
