// The findings as JUnit XML, for pipelines that show test results: a test case for each finding,
// failed from severity warning on; an error when too little could be seen to say.
#pragma once

#include <string>

#include "libdiag/model/report.h"

namespace ngxdiag::render {

std::string render_junit(const model::Report& report);

}  // namespace ngxdiag::render
