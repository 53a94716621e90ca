#include "libdiag/source/plain_files.h"

#include <dirent.h>
#include <sys/vfs.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "libdiag/base/text.h"
#include "libdiag/source/decompress.h"
#include "libdiag/source/glob.h"
#include "libdiag/source/local_time.h"
#include "libdiag/source/rooted.h"
#include "libdiag/source/streams.h"

namespace ngxdiag::source {
namespace {

constexpr size_t kMaxNames = 200000;  // entries of one directory
constexpr long kProcMagic = 0x9fa0, kSysfsMagic = 0x62656572;

// Kernel files have no size; any other empty file is empty, however fast it grows meanwhile.
uint64_t readable_size(int fd, const struct stat& status) {
  if (status.st_size > 0) return static_cast<uint64_t>(status.st_size);
  struct statfs fs {};
  if (::fstatfs(fd, &fs) == 0 && (fs.f_type == kProcMagic || fs.f_type == kSysfsMagic))
    return std::numeric_limits<uint64_t>::max();
  return 0;
}

}  // namespace

model::Gap cut_gap(std::string_view path, size_t cap) {
  return {std::string(path), "is larger than " + base::grouped(static_cast<int64_t>(cap)) +
                                 " bytes: the rest was not read"};
}

Fetched PlainFiles::read(std::string_view path, size_t cap) const {
  Fetched out;
  const auto raw = raw_stream(path, out.gap);
  if (!raw) return out;
  std::string bytes = read_some(*raw, cap < std::numeric_limits<size_t>::max() ? cap + 1 : cap);
  if (const auto gap = raw->gap()) {
    out.gap = *gap;
    return out;
  }
  if (bytes.size() > cap) {
    bytes.resize(cap);
    out.cut = true;
    out.gap = cut_gap(path, cap);
  }
  out.bytes = std::move(bytes);
  return out;
}

std::unique_ptr<ByteStream> PlainFiles::open(std::string_view path, model::Gap& gap) const {
  auto raw = raw_stream(path, gap);
  return raw ? decompressed(std::move(raw), std::string(path)) : nullptr;
}

FileInfo PlainFiles::info(std::string_view path) const {
  FileInfo out;
  const Found found = find_below(root_, path, false);
  if (!found.at) return out;
  const struct stat& s = found.stat;
  out.exists = true;
  out.regular = S_ISREG(s.st_mode);
  out.directory = S_ISDIR(s.st_mode);
  out.symlink = S_ISLNK(s.st_mode);
  out.size = s.st_size;
  out.mode = s.st_mode & 07777;
  out.uid = s.st_uid;
  out.gid = s.st_gid;
  out.modified = local_civil(s.st_mtime);
  out.link = found.link;
  return out;
}

std::vector<std::string> PlainFiles::list(std::string_view directory, model::Gap& gap) const {
  std::vector<std::string> names;
  std::string why;
  Descriptor fd = open_found(find_below(root_, directory, true), why);
  DIR* dir = fd ? ::fdopendir(fd.get()) : nullptr;
  if (!dir) {
    gap = {std::string(directory), !why.empty()       ? why
                                   : errno == ENOTDIR ? "is no directory"
                                                      : why_errno(errno)};
    return names;
  }
  fd.release();
  while (const dirent* entry = ::readdir(dir)) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (names.size() == kMaxNames) {
      gap = {std::string(directory),
             "holds more than " + base::grouped(kMaxNames) + " entries: the rest was left"};
      break;
    }
    names.emplace_back(name);
  }
  ::closedir(dir);
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> PlainFiles::glob(std::string_view pattern) const {
  return expand_glob(*this, pattern);
}

std::unique_ptr<ByteStream> PlainFiles::raw_stream(std::string_view path, model::Gap& gap) const {
  std::string why;
  const Found found = find_below(root_, path, true);
  Descriptor fd = open_found(found, why);
  if (fd && S_ISDIR(found.stat.st_mode)) why = "is a directory";
  if (!why.empty()) {
    gap = {std::string(path), why};
    return nullptr;
  }
  const uint64_t limit = readable_size(fd.get(), found.stat);
  return descriptor_stream(fd.release(), limit, std::string(path));
}

}  // namespace ngxdiag::source
