#include "libdiag/render/nagios_range.h"

#include "libdiag/base/text.h"

namespace ngxdiag::render {
namespace {

// "12", "-3", "0.5". Exponents and names such as "inf" are no thresholds.
std::optional<double> decimal(std::string_view text) {
  const bool negative = text.starts_with("-");
  if (negative) text.remove_prefix(1);
  const size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  if (whole.empty() || whole.starts_with("-")) return std::nullopt;
  const auto number = base::parse_int(whole);
  if (!number) return std::nullopt;
  auto value = static_cast<double>(*number);
  if (dot != std::string_view::npos) {
    double scale = 0.1;
    for (const char c : text.substr(dot + 1)) {
      if (c < '0' || c > '9') return std::nullopt;
      value += scale * (c - '0');
      scale /= 10;
    }
  }
  return negative ? -value : value;
}

}  // namespace

std::optional<NagiosRange> NagiosRange::parse(std::string_view text) {
  NagiosRange out;
  out.text_ = std::string(text);
  if (text.starts_with("@")) {
    out.inside_ = true;
    text.remove_prefix(1);
  }
  const size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    const std::string_view from = text.substr(0, colon);
    if (from == "~") {
      out.from_.reset();
    } else if (!(out.from_ = decimal(from))) {
      return std::nullopt;
    }
    text.remove_prefix(colon + 1);
    if (text.empty()) return from == "~" ? std::nullopt : std::optional(out);
  }
  out.to_ = decimal(text);
  if (!out.to_ || (out.from_ && *out.from_ > *out.to_)) return std::nullopt;
  return out;
}

bool NagiosRange::alerts(double value) const {
  const bool within = (!from_ || value >= *from_) && (!to_ || value <= *to_);
  return within == inside_;
}

}  // namespace ngxdiag::render
