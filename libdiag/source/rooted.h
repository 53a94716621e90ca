// Opening paths below a root that cannot be left: a captured tree, or a container's root, may hold
// links made by somebody hostile.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include <sys/stat.h>

namespace ngxdiag::source {

// A descriptor that closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  int get() const { return fd_; }
  int release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// An entry found, or why it was not. `at` refers to it without having opened it (O_PATH).
struct Found {
  Descriptor at;
  struct stat stat {};
  Descriptor folder;  // where a regular file lies, and its name there
  std::string name;
  std::string link;        // target when the entry itself is a link that was not to be followed
  std::string slow_mount;  // where the walk stopped for `slow`, else empty
  std::string why;  // "does not exist", "permission denied: run as root", …; empty when found
};

// Walks `path` below `root` component by component. Absolute link targets start at `root` again,
// ".." does not climb above it, and no more than 40 links are followed. `follow`: also the last
// component.
// Where the walk would touch one of the mount points `slow` (paths below the root), it stops there.
Found find_below(const std::string& root, std::string_view path, bool follow,
                 const std::set<std::string>* slow = nullptr);

// Opens for reading what find_below found; never blocks, never opens anything but regular files and
// directories. -1 with `why` set otherwise.
Descriptor open_found(const Found& found, std::string& why);
// The same where no /proc is mounted (a bare chroot): by the name, and refused when something else
// has been put in its place since.
Descriptor open_found_by_name(const Found& found, std::string& why);

}  // namespace ngxdiag::source
