#include "libdiag/audit/detectors.h"

#include "libdiag/audit/detect_themes.h"

namespace ngxdiag::audit {
namespace {

// Found outside the tree: by the parser, by the comments, by the table of advisories.
std::vector<Hit> elsewhere(const Context&) { return {}; }

}  // namespace

Detector detector(std::string_view name) {
  for (const std::string_view outside : {"parser", "comments", "advisories"})
    if (name == outside) return elsewhere;
  for (const auto& theme :
       {capacity_detectors(), context_detectors(), header_detectors(), location_detectors(),
        regex_detectors(), server_detectors(), tls_detectors(), upstream_detectors()})
    for (const NamedDetector& one : theme)
      if (one.name == name) return one.run;
  return nullptr;
}

}  // namespace ngxdiag::audit
