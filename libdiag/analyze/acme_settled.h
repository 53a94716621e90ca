// Up to where a log of an ACME client tells of troubles that are over.
//   2026-04-21 23:19:02,117:ERROR:certbot._internal.renewal:Failed to renew certificate
//   www7.example.net with error: Some challenges have failed.
//   2026-04-22 00:10:02,117:DEBUG:certbot._internal.main:certbot version: 2.1.0      <- from here
//   2026-04-22 00:10:09,530:DEBUG:…display.obj:Notifying user:
//   /etc/letsencrypt/live/www7.example.net/fullchain.pem (success)
// A name's failure is over when a later run renewed it or found it not due. Only when that holds
// for every name is the log settled, and then up to the first run after the last failure.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "libdiag/parse/acme_log.h"

namespace ngxdiag::analyze {

struct AcmePast {
  int64_t line = 0;                     // lines before this one are history
  std::optional<base::CivilTime> time;  // and so is what an older log tells from before it
};

// Fed with what parse_acme_line() made of the lines of one log, in their order.
class AcmeSettlement {
 public:
  void add(const parse::AcmeLine& line, int64_t number);
  // Empty when nothing failed, or when a failure still stands.
  std::optional<AcmePast> past();

 private:
  void end_run();

  std::set<std::string, std::less<>> open_;  // names that failed last
  std::string current_;                      // the name being worked on
  std::optional<base::CivilTime> time_;
  std::optional<AcmePast> next_run_;  // begin of the first run after the last failure
  bool failed_ = false, named_ = false, any_ = false;
};

}  // namespace ngxdiag::analyze
