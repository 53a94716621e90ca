// How far a long pass over logs is, on standard error:
//   412 of about 1,024 MiB (40 %), 3 s left
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ngxdiag::tools {

// "412 of about 1,024 MiB (40 %), 3 s left"; without a total, or beyond it, "412 MiB".
std::string progress_words(int64_t bytes, std::optional<int64_t> total, double seconds);

// About how many bytes the logs hold when unpacked; empty when a path is no file (standard input).
std::optional<int64_t> expected_bytes(const std::vector<std::string>& paths);

class Progress {
 public:
  enum class To { kNobody, kTerminal, kLines };

  Progress(To to, std::optional<int64_t> total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Says so now and then.
  void at(int64_t bytes);

 private:
  To to_;
  std::optional<int64_t> total_;
  std::chrono::steady_clock::time_point begun_, told_;
  bool shown_ = false;
};

}  // namespace ngxdiag::tools
