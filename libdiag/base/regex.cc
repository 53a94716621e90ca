#include "libdiag/base/regex.h"

#include <boost/regex.hpp>

#include "libdiag/base/error.h"

namespace ngxdiag::base {

struct Regex::Impl {
  boost::regex program;
};

Regex::Regex(std::string_view expression, bool ignore_case) : expression_(expression) {
  try {
    boost::regex::flag_type flags = boost::regex::perl;
    if (ignore_case) flags |= boost::regex::icase;
    impl_ = std::make_shared<const Impl>(
        Impl{boost::regex(expression.data(), expression.data() + expression.size(), flags)});
  } catch (const boost::regex_error& error) {
    throw UserError("not a valid regular expression", {}, expression_, error.what(),
                    "correct the expression (Perl syntax)");
  }
}

bool Regex::search(std::string_view text) const {
  try {
    return boost::regex_search(text.data(), text.data() + text.size(), impl_->program);
  } catch (const std::runtime_error&) {
    return false;  // too complex a match
  }
}

bool Regex::search(std::string_view text, std::vector<std::string_view>& groups) const {
  groups.clear();
  boost::cmatch match;
  try {
    if (!boost::regex_search(text.data(), text.data() + text.size(), match, impl_->program))
      return false;
  } catch (const std::runtime_error&) {
    return false;
  }
  for (const auto& sub : match)
    groups.push_back(sub.matched ? std::string_view(sub.first, static_cast<size_t>(sub.length()))
                                 : std::string_view());
  return true;
}

}  // namespace ngxdiag::base
