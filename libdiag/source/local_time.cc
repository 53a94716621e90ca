#include "libdiag/source/local_time.h"

#include <ctime>

namespace ngxdiag::source {

base::CivilTime local_civil(int64_t epoch) {
  const time_t time = epoch;
  struct tm parts {};
  if (!::localtime_r(&time, &parts)) return epoch;
  return base::civil(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                     parts.tm_min, parts.tm_sec)
      .value_or(epoch);
}

}  // namespace ngxdiag::source
