#include "libdiag/source/rooted.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <vector>

#include "libdiag/source/streams.h"

namespace ngxdiag::source {
namespace {

constexpr int kMaxLinks = 40;  // as the kernel itself
constexpr size_t kMaxPath = 16 * 1024;

// The components of `path` in reverse, to be popped from the back.
void push_components(std::string_view path, std::vector<std::string>& todo) {
  size_t end = path.size();
  while (end > 0) {
    const size_t slash = path.rfind('/', end - 1);
    const size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
    if (end > begin) todo.emplace_back(path.substr(begin, end - begin));
    end = slash == std::string_view::npos ? 0 : slash;
  }
}

std::string read_link(int fd) {
  char target[PATH_MAX];
  const ssize_t count = ::readlinkat(fd, "", target, sizeof target);
  return count > 0 ? std::string(target, static_cast<size_t>(count)) : std::string();
}

// Images link their logs there; for us it would be our own descriptor.
bool is_standard_stream(std::string_view path) {
  return path == "/dev/stdout" || path == "/dev/stderr" || path == "/dev/stdin" ||
         path.substr(0, 8) == "/dev/fd/" || path.substr(0, 14) == "/proc/self/fd/";
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

Found find_below(const std::string& root, std::string_view path, bool follow,
                 const std::set<std::string>* slow) {
  Found found;
  if (path.find('\0') != std::string_view::npos || path.size() > kMaxPath) {
    found.why = "is no usable path";
    return found;
  }
  if (is_standard_stream(path)) {
    found.why = "is the standard stream of the process: see its journal or container log";
    return found;
  }
  const bool relative_to_cwd = root.empty() && !path.empty() && path[0] != '/';
  const std::string base = root.empty() ? (relative_to_cwd ? "." : "/") : root;
  // The directories walked through: ".." goes back to the one before, never above the root.
  std::vector<Descriptor> walked;
  walked.emplace_back(::open(base.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!walked.back()) {
    found.why = why_errno(errno);
    return found;
  }
  std::vector<std::string> names;  // of what was walked through, for `slow`
  std::vector<std::string> todo;
  push_components(path, todo);
  int links = 0;
  while (!todo.empty()) {
    const std::string name = std::move(todo.back());
    todo.pop_back();
    if (name == ".") continue;
    if (name == ".." && !relative_to_cwd) {
      if (walked.size() > 1) {
        walked.pop_back();
        names.pop_back();
      }
      continue;
    }
    if (slow && !slow->empty()) {
      std::string place;
      for (const std::string& part : names) place += "/" + part;
      if (slow->count(place + "/" + name)) {
        found.slow_mount = place + "/" + name;
        found.why = "lies on a network mount that does not answer";
        return found;
      }
    }
    Descriptor next(::openat(walked.back().get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat status {};
    if (!next || ::fstat(next.get(), &status) != 0) {
      found.why = why_errno(errno);
      return found;
    }
    if (S_ISLNK(status.st_mode)) {
      const std::string target = read_link(next.get());
      if (todo.empty() && !follow) {
        found.link = target;
      } else {
        if (is_standard_stream(target)) {
          found.why =
              "is a link to the standard stream of the process: see its journal or container log";
          return found;
        }
        if (target.empty() || ++links > kMaxLinks || todo.size() > kMaxPath) {
          found.why = why_errno(ELOOP);
          return found;
        }
        if (target[0] == '/') {
          walked.resize(1);
          names.clear();
          if (relative_to_cwd)
            walked[0] = Descriptor(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
        }
        push_components(target, todo);
        continue;
      }
    } else if (!S_ISDIR(status.st_mode) && !todo.empty()) {
      found.why = why_errno(ENOTDIR);
      return found;
    }
    walked.push_back(std::move(next));
    names.push_back(name);
  }
  if (::fstat(walked.back().get(), &found.stat) != 0) {
    found.why = why_errno(errno);
    return found;
  }
  found.at = std::move(walked.back());
  if (S_ISREG(found.stat.st_mode) && walked.size() > 1) {
    found.folder = std::move(walked[walked.size() - 2]);
    found.name = std::move(names.back());
  }
  return found;
}

Descriptor open_found(const Found& found, std::string& why) {
  if (!found.at) {
    why = found.why;
    return {};
  }
  const mode_t mode = found.stat.st_mode;
  if (!S_ISREG(mode) && !S_ISDIR(mode)) {
    why = S_ISFIFO(mode)   ? "is a fifo"
          : S_ISSOCK(mode) ? "is a socket"
          : S_ISLNK(mode)  ? "is a symbolic link"
                           : "is a device";
    return {};
  }
  // The O_PATH descriptor is the very file that was looked at: nothing can be put in its place.
  const std::string self = "/proc/self/fd/" + std::to_string(found.at.get());
  Descriptor fd(::open(self.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd && errno == ENOENT) return open_found_by_name(found, why);
  if (!fd) why = why_errno(errno);
  return fd;
}

Descriptor open_found_by_name(const Found& found, std::string& why) {
  const bool folder = S_ISDIR(found.stat.st_mode);
  const int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC;
  Descriptor fd(folder ? ::openat(found.at.get(), ".", flags | O_DIRECTORY)
                       : ::openat(found.folder.get(), found.name.c_str(), flags));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) {
    why = why_errno(errno);
    return {};
  }
  if (status.st_dev != found.stat.st_dev || status.st_ino != found.stat.st_ino) {
    why = "was replaced while it was looked at";
    return {};
  }
  return fd;
}

}  // namespace ngxdiag::source
