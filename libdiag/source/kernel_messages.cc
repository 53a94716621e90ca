#include "libdiag/source/kernel_messages.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "libdiag/base/text.h"
#include "libdiag/source/rooted.h"
#include "libdiag/source/streams.h"

namespace ngxdiag::source {
namespace {

constexpr size_t kRecord = 16 * 1024;  // the kernel's own limit is 8 KiB
constexpr size_t kMaxRecords = 200000;

// "Thu Jun 30 04:27:42 2022"
std::string date_of(base::CivilTime time) {
  static constexpr const char* kDays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string iso = base::format_civil(time);  // "2022-06-30 04:27:42"
  const int64_t day = time >= 0 ? time / 86400 : (time - 86399) / 86400;
  const auto month = base::parse_int(iso.substr(5, 2)).value_or(1);
  std::string of_month = iso.substr(8, 2);
  if (of_month[0] == '0') of_month[0] = ' ';
  return std::string(kDays[((day % 7) + 7) % 7]) + " " + kMonths[month - 1] + " " + of_month + " " +
         iso.substr(11, 8) + " " + iso.substr(0, 4);
}

}  // namespace

std::string dmesg_line(std::string_view record, base::CivilTime boot) {
  const size_t semicolon = record.find(';');
  if (semicolon == std::string_view::npos) return "";
  const auto fields = base::split(record.substr(0, semicolon), ',');
  const auto micros = fields.size() >= 3 ? base::parse_int(fields[2]) : std::nullopt;
  if (!micros || *micros < 0) return "";
  std::string_view text = record.substr(semicolon + 1);
  text = text.substr(0, text.find('\n'));
  return "[" + date_of(boot + *micros / 1000000) + "] " + std::string(text);
}

std::optional<std::string> kernel_messages(const std::string& path, base::CivilTime boot,
                                           std::string& why) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd) {
    why = why_errno(errno);
    return std::nullopt;
  }
  std::string out, record(kRecord, '\0');
  for (size_t count = 0; count < kMaxRecords; ++count) {
    const ssize_t size = ::read(fd.get(), record.data(), record.size());
    if (size < 0 && (errno == EINTR || errno == EPIPE))
      continue;  // EPIPE: records were overwritten meanwhile
    if (size < 0 && errno != EAGAIN && out.empty()) {
      why = why_errno(errno);
      return std::nullopt;
    }
    if (size <= 0) break;
    const std::string line =
        dmesg_line(std::string_view(record).substr(0, static_cast<size_t>(size)), boot);
    if (!line.empty()) out += line + "\n";
  }
  return out;
}

}  // namespace ngxdiag::source
