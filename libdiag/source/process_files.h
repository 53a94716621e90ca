// What the directory of one live process gives as evidence.
#pragma once

#include <string>

#include "libdiag/source/evidence.h"

namespace ngxdiag::source {

// "/proc/812"
std::string directory_of(const std::string& proc, int64_t pid);

// A file of one process ("maps", "limits", "stack"), shown as "/proc/812/maps". Reading it may
// block when the process is stuck in the kernel: then the document is a gap after a while.
Document process_file(const std::string& proc, int64_t pid, const std::string& name,
                      model::Kind kind);

// The running program's bytes (kNginxVersion: what `nginx -V` prints stands in them), which are
// there also when the file was replaced or removed.
Document running_binary(const std::string& proc, int64_t pid);

// Its mount namespace is another than ours, or its root was changed: only /proc/PID/root shows its
// files.
bool lives_elsewhere(const std::string& proc, int64_t pid);

}  // namespace ngxdiag::source
