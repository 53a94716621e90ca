#include "tools/ngxdiag/progress.h"

#include <sys/stat.h>

#include <string_view>

#include "libdiag/base/text.h"
#include "libdiag/base/time.h"
#include "tools/ngxdiag/output.h"

namespace ngxdiag::tools {
namespace {

// What logs of nginx shrink by: near enough for a guess of the time that is left.
constexpr int64_t kUsualRatio = 12;
constexpr std::chrono::milliseconds kFirst(700), kTerminalStep(200), kLineStep(2000);

bool is_compressed(std::string_view path) {
  for (const std::string_view suffix : {".gz", ".zst", ".xz", ".bz2", ".lzma"})
    if (path.ends_with(suffix)) return true;
  return false;
}

}  // namespace

std::string progress_words(int64_t bytes, std::optional<int64_t> total, double seconds) {
  const std::string read = base::grouped(bytes >> 20);
  if (!total || *total <= bytes || bytes <= 0) return read + " MiB";
  const double share = static_cast<double>(bytes) / static_cast<double>(*total);
  const auto left = static_cast<int64_t>(seconds * (1 - share) / share + 0.5);
  return read + " of about " + base::grouped(*total >> 20) + " MiB (" +
         std::to_string(static_cast<int>(share * 100)) + " %), " + base::format_duration(left) +
         " left";
}

std::optional<int64_t> expected_bytes(const std::vector<std::string>& paths) {
  int64_t sum = 0;
  for (const std::string& path : paths) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    sum += status.st_size * (is_compressed(path) ? kUsualRatio : 1);
  }
  return sum;
}

Progress::Progress(To to, std::optional<int64_t> total)
    : to_(to), total_(total), begun_(std::chrono::steady_clock::now()), told_(begun_) {}

Progress::~Progress() {
  if (shown_ && to_ == To::kTerminal) complain("\r\x1b[K");
}

void Progress::at(int64_t bytes) {
  if (to_ == To::kNobody) return;
  const auto now = std::chrono::steady_clock::now();
  const auto step = to_ == To::kTerminal ? kTerminalStep : kLineStep;
  if (now - begun_ < kFirst || now - told_ < step) return;
  told_ = now;
  shown_ = true;
  const std::string words =
      progress_words(bytes, total_, std::chrono::duration<double>(now - begun_).count());
  complain(to_ == To::kTerminal ? "\r" + words + "\x1b[K" : words + "\n");
}

}  // namespace ngxdiag::tools
