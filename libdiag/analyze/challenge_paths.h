// Would nginx answer a challenge with the file that the ACME client writes? The configuration is
// followed as nginx would for GET http://NAME/.well-known/acme-challenge/TOKEN. Facts: challenge.*
// (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kChallengePaths;
}
