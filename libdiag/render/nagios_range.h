// A threshold range of the Monitoring Plugins guidelines.
//   "10" outside 0..10 · "10:" below 10 · "~:10" above 10 · "10:20" outside · "@10:20" inside
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ngxdiag::render {

class NagiosRange {
 public:
  // Empty when the text is no range.
  static std::optional<NagiosRange> parse(std::string_view text);

  // True when the value calls for the alert.
  bool alerts(double value) const;
  // As it was written, for the perfdata.
  const std::string& text() const { return text_; }

 private:
  std::optional<double> from_ = 0, to_;  // empty: without end
  bool inside_ = false;
  std::string text_;
};

}  // namespace ngxdiag::render
