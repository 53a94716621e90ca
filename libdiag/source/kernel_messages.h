// The kernel's own ring buffer, without dmesg.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libdiag/base/time.h"

namespace ngxdiag::source {

// A record of /dev/kmsg ("6,1234,5678901,-;nginx[812]: segfault at …\n KEY=value\n") as `dmesg -T`
// prints it: "[Thu Jun 30 04:27:42 2022] nginx[812]: segfault at …". `boot` is the wall clock at
// zero of the record's clock. "" for what is no record.
std::string dmesg_line(std::string_view record, base::CivilTime boot);

// All records there are now, oldest first, without waiting for more. Empty when `path` cannot be
// opened or read, `why` says why.
std::optional<std::string> kernel_messages(const std::string& path, base::CivilTime boot,
                                           std::string& why);

}  // namespace ngxdiag::source
