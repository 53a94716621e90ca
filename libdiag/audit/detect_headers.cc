#include "libdiag/audit/detect_themes.h"

namespace ngxdiag::audit {

std::span<const NamedDetector> header_detectors() { return {}; }

}  // namespace ngxdiag::audit
