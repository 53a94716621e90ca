// The one word at the top of the report, and the sentence under it.
#pragma once

#include <string>

#include "libdiag/model/report.h"

namespace ngxdiag::pipeline {

// What was looked at, as far as it decides whether "ok" may be said.
struct Looked {
  bool nginx = false;      // something of an nginx was seen at all
  bool processes = false;  // a process table
  bool log = false;        // an error log
  bool live = false;
};

// Critical or warning by the findings that stand (confidence at least one half, or a crash whose
// cause is open); ok only when what had to be looked at was looked at; else unknown.
void set_verdict(model::Report& report, const Looked& looked);

}  // namespace ngxdiag::pipeline
