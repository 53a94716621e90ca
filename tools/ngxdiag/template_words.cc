#include "tools/ngxdiag/template_words.h"

namespace ngxdiag::tools {

std::string template_words(std::string_view sentence) {
  std::string out;
  for (size_t i = 0; i < sentence.size(); ++i) {
    const char c = sentence[i];
    const bool doubled = i + 1 < sentence.size() && sentence[i + 1] == c;
    if ((c == '{' || c == '}') && doubled) {
      out += c;
      ++i;
      continue;
    }
    const size_t end = c == '{' ? sentence.find('}', i) : std::string_view::npos;
    if (end == std::string_view::npos) {
      out += c;
      continue;
    }
    const std::string_view place = sentence.substr(i + 1, end - i - 1);
    const size_t bar = place.find('|');
    if (bar != std::string_view::npos)
      out += place.substr(bar + 1);
    else
      out.append("<").append(place).append(">");
    i = end;
  }
  return out;
}

}  // namespace ngxdiag::tools
