// Comments of a configuration that put findings aside, each with its reason:
//   # ngxdiag: ignore alias-traversal: the files are public
//   # ngxdiag: ignore gixy's_name, other-check because T-812
// One holds for directives of its own line and of the line after it; before the first directive of
// a block that is the block's first line.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libdiag/audit/check.h"
#include "libdiag/model/config_report.h"

namespace ngxdiag::audit {

class Ignores {
 public:
  // `checks` are all there are, selected or not: a comment may name any of them.
  Ignores(const parse::Config& config, const std::vector<Check>& checks);

  // The reason why `check` is to be left out at that line, or null.
  const std::string* reason(const std::string& file, int line, const std::string& check) const;

  struct Mistake {
    model::ConfigPlace place;
    std::string says;
  };
  const std::vector<Mistake>& mistakes() const { return mistakes_; }

 private:
  void read(const parse::ConfigComment& comment, const std::vector<Check>& checks);

  std::map<std::pair<std::string, int>, std::vector<std::pair<std::string, std::string>>> at_;
  std::vector<Mistake> mistakes_;
};

}  // namespace ngxdiag::audit
