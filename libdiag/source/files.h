// The one door to files: analyzers see a host, a captured tree (--root DIR), a container's root
// (/proc/PID/root) or a test's memory through it, and nothing else. Read-only.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/base/time.h"
#include "libdiag/model/gap.h"

namespace ngxdiag::source {

// Bytes in order. read() gives up to `size` bytes, 0 at the end or after a fault; then gap() says
// what went wrong (vanished, truncated archive, I/O error), or is empty when the end was the true
// end.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  virtual size_t read(char* out, size_t size) = 0;
  virtual std::optional<model::Gap> gap() const = 0;
  // The size, when read() can go on from any place of it; 0 when it cannot. seek() REQUIRES a size.
  virtual uint64_t seekable_size() const { return 0; }
  virtual void seek(uint64_t) {}
};

// Bytes, or why there are none.
struct Fetched {
  std::optional<std::string> bytes;
  model::Gap gap;  // set when `bytes` is empty, or when bytes were cut at the cap
  bool cut = false;
};

struct FileInfo {
  bool exists = false;
  bool regular = false, directory = false, symlink = false;
  int64_t size = 0;
  uint32_t mode = 0;  // permission bits
  uint32_t uid = 0, gid = 0;
  base::CivilTime modified = 0;  // local wall clock
  std::string link;              // target of a symlink as written, else empty
};

class Files {
 public:
  virtual ~Files() = default;
  // At most `cap` bytes of a regular file. Never blocks on a fifo or device, never follows a link
  // out of a captured tree.
  virtual Fetched read(std::string_view path, size_t cap = kSmallFile) const = 0;
  // The file as a stream, transparently decompressed (by content: gzip, zstd, xz, bzip2), or a gap.
  virtual std::unique_ptr<ByteStream> open(std::string_view path, model::Gap& gap) const = 0;
  // The entry itself (a symlink is not followed).
  virtual FileInfo info(std::string_view path) const = 0;
  // Names in a directory, sorted; empty with a gap when it cannot be listed.
  virtual std::vector<std::string> list(std::string_view directory, model::Gap& gap) const = 0;
  // Paths that match a glob as nginx's include expands it (glob(3), sorted).
  virtual std::vector<std::string> glob(std::string_view pattern) const = 0;

  static constexpr size_t kSmallFile = 4u << 20;
};

// `root` is put before every path ("" = this host, "/proc/812/root", "/mnt/captured"); paths shown
// to the user stay as they are on the host.
std::shared_ptr<const Files> host_files(std::string root);

// For tests: path -> content; a content that begins with "-> " is a symlink, one with "#!" is
// executable.
std::shared_ptr<const Files> memory_files(std::map<std::string, std::string> content);

// No file can be reached (loose files were given): every read is a gap.
std::shared_ptr<const Files> no_files();

}  // namespace ngxdiag::source
