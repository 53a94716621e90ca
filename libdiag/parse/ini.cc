#include "libdiag/parse/ini.h"

#include "libdiag/base/text.h"

namespace ngxdiag::parse {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class IniReader {
 public:
  Ini read(std::string_view text) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    while (!text.empty()) {
      ++line_;
      take(base::take_line(text));
    }
    return std::move(out_);
  }

 private:
  void take(std::string_view row) {
    row_ = row;
    if (const size_t zero = row.find('\0'); zero != std::string_view::npos)
      return mistake(row.substr(zero), "a NUL byte: this is no text file");
    const std::string_view line = base::trim(row);
    if (line.empty() || line[0] == '#' || line[0] == ';') return;
    if (line[0] == '[') return section(line);
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos)
      return mistake(line, "neither KEY = VALUE nor [SECTION] nor a comment");
    const std::string_view key = base::trim(line.substr(0, equals));
    const std::string_view value = base::trim(line.substr(equals + 1));
    if (key.empty()) return mistake(line, "no key before =");
    out_.entries.push_back({section_, word(key), word(value)});
  }

  void section(std::string_view line) {
    if (line.back() != ']') return mistake(line, "a section ends with ]");
    const std::string_view name = base::trim(line.substr(1, line.size() - 2));
    if (name.empty()) return mistake(line, "a section without a name");
    section_ = word(name);
    out_.sections.push_back(section_);
  }

  IniWord word(std::string_view part) const { return {part, place(part)}; }
  IniPlace place(std::string_view part) const {
    return {line_, static_cast<size_t>(part.data() - row_.data()) + 1};
  }
  void mistake(std::string_view at, std::string says) {
    out_.mistakes.push_back({place(at), std::move(says)});
  }

  Ini out_;
  IniWord section_;
  std::string_view row_;
  size_t line_ = 0;
};

}  // namespace

Ini parse_ini(std::string_view text) { return IniReader().read(text); }

}  // namespace ngxdiag::parse
