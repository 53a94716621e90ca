#include "tools/ngxdiag/output.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"

namespace ngxdiag::tools {
namespace {

// 0, or the errno of the write that failed.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    text.remove_prefix(static_cast<size_t>(count));
  }
  return 0;
}

[[noreturn]] void cannot_write(const std::string& path, int error) {
  throw base::UserError("cannot write " + base::printable(path), "ngxdiag", {},
                        std::strerror(error), "name another file, or make the directory writable");
}

}  // namespace

void print(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error != 0 && error != EPIPE) cannot_write("standard output", error);
}

void complain(std::string_view text) { (void)write_all(STDERR_FILENO, text); }

void write_file(const std::string& path, std::string_view text) {
  if (path == "-") return print(text);
  struct stat info {};
  const bool exists = ::stat(path.c_str(), &info) == 0;
  if (exists && !S_ISREG(info.st_mode)) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) cannot_write(path, errno);
    const int error = write_all(fd, text);
    ::close(fd);
    if (error != 0 && error != EPIPE) cannot_write(path, error);
    return;
  }
  std::string draft = path + ".XXXXXX";
  const int fd = ::mkostemp(draft.data(), O_CLOEXEC);
  if (fd < 0) cannot_write(path, errno);
  int error = write_all(fd, text);
  if (error == 0 && ::fchmod(fd, 0644) != 0) error = errno;
  if (error == 0 && ::fsync(fd) != 0 && errno != EINVAL) error = errno;
  if (::close(fd) != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(draft.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return;
  ::unlink(draft.c_str());
  cannot_write(path, error);
}

bool stdout_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

size_t terminal_columns() {
  struct winsize size {};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace ngxdiag::tools
