// Reads error logs and classifies them on several threads; what was found comes back in the order
// of the lines, the same for any number of threads. Memory: a few blocks of 256 KiB, whatever the
// size of the log or of its lines.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "libdiag/analyze/log_classifier.h"
#include "libdiag/analyze/log_digest.h"
#include "libdiag/base/time.h"
#include "libdiag/source/files.h"

namespace ngxdiag::analyze {

class LogPass {
 public:
  // Takes in a digest of the lines that follow those of the digest before; false ends the pass.
  // `bytes` is about how many were read.
  using Take = std::function<bool(const LogDigest&, int64_t bytes)>;

  // `threads` 0: as many as there are processors, at most eight.
  LogPass(unsigned threads, std::optional<base::CivilTime> since,
          std::optional<base::CivilTime> until);
  ~LogPass();
  LogPass(const LogPass&) = delete;
  LogPass& operator=(const LogPass&) = delete;

  // Reads `stream` to its end; `head` was read from it already. Bytes of it are read by one thread
  // at a time. With a sink, lines are told one by one and in order. False when `take` ended it.
  bool run(std::string_view head, source::ByteStream& stream, const Take& take,
           const LineSink& sink = {});

  // Bytes of the last run().
  int64_t bytes() const;

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace ngxdiag::analyze
