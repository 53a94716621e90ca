#include "libdiag/source/files.h"

#include <dirent.h>
#include <sys/vfs.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <set>
#include <utility>

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

class HostFiles : public Files {
 public:
  explicit HostFiles(std::string root) : root_(std::move(root)) {}

  Fetched read(std::string_view path, size_t cap) const override {
    Fetched out;
    const auto raw = open_raw(path, out.gap);
    if (!raw) return out;
    std::string bytes = read_some(*raw, cap < std::numeric_limits<size_t>::max() ? cap + 1 : cap);
    if (const auto gap = raw->gap()) {
      out.gap = *gap;
      return out;
    }
    if (bytes.size() > cap) {
      bytes.resize(cap);
      out.cut = true;
      out.gap = {std::string(path), "is larger than " + base::grouped(static_cast<int64_t>(cap)) +
                                        " bytes: the rest was not read"};
    }
    out.bytes = std::move(bytes);
    return out;
  }

  std::unique_ptr<ByteStream> open(std::string_view path, model::Gap& gap) const override {
    auto raw = open_raw(path, gap);
    return raw ? decompressed(std::move(raw), std::string(path)) : nullptr;
  }

  FileInfo info(std::string_view path) const override {
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

  std::vector<std::string> list(std::string_view directory, model::Gap& gap) const override {
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

  std::vector<std::string> glob(std::string_view pattern) const override {
    return expand_glob(*this, pattern);
  }

 private:
  std::unique_ptr<ByteStream> open_raw(std::string_view path, model::Gap& gap) const {
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

  std::string root_;
};

class MemoryFiles : public Files {
 public:
  explicit MemoryFiles(std::map<std::string, std::string> content) : content_(std::move(content)) {
    for (const auto& [path, text] : content_)
      for (size_t at = path.rfind('/'); at != std::string::npos && at > 0;
           at = path.rfind('/', at - 1))
        directories_.insert(path.substr(0, at));
    directories_.insert("/");
  }

  Fetched read(std::string_view path, size_t cap) const override {
    Fetched out;
    const std::string* text = find(path, out.gap);
    if (!text) return out;
    out.bytes = text->substr(0, cap);
    out.cut = text->size() > cap;
    if (out.cut)
      out.gap = {std::string(path), "is larger than " + base::grouped(static_cast<int64_t>(cap)) +
                                        " bytes: the rest was not read"};
    return out;
  }

  std::unique_ptr<ByteStream> open(std::string_view path, model::Gap& gap) const override {
    const std::string* text = find(path, gap);
    if (!text) return nullptr;
    return decompressed(memory_stream(std::make_shared<const std::string>(*text)),
                        std::string(path));
  }

  FileInfo info(std::string_view path) const override {
    FileInfo out;
    const auto place = resolve(path, false);
    if (!place) return out;
    if (directories_.count(*place)) {
      out.exists = out.directory = true;
      out.mode = 0755;
    } else if (const auto it = content_.find(*place); it != content_.end()) {
      out.exists = true;
      out.link = link_target(it->second);
      out.symlink = !out.link.empty();
      out.regular = !out.symlink;
      out.mode = out.symlink ? 0777 : 0644;
      out.size = static_cast<int64_t>(it->second.size());
    }
    return out;
  }

  std::vector<std::string> list(std::string_view directory, model::Gap& gap) const override {
    std::set<std::string> names;
    const auto place = resolve(directory, true);
    if (!place || !directories_.count(*place)) {
      gap = {std::string(directory), "does not exist"};
      return {};
    }
    const std::string prefix = *place == "/" ? "/" : *place + "/";
    for (auto it = content_.lower_bound(prefix);
         it != content_.end() && it->first.compare(0, prefix.size(), prefix) == 0; ++it)
      names.insert(
          it->first.substr(prefix.size(), it->first.find('/', prefix.size()) - prefix.size()));
    return {names.begin(), names.end()};
  }

  std::vector<std::string> glob(std::string_view pattern) const override {
    return expand_glob(*this, pattern);
  }

 private:
  static std::string link_target(const std::string& text) {
    return text.compare(0, 3, "-> ") == 0 ? text.substr(3) : "";
  }

  // The place in the map that `path` leads to, links followed as on a disk; empty on a loop.
  std::optional<std::string> resolve(std::string_view path, bool follow) const {
    std::vector<std::string> todo;
    const auto push = [&](std::string_view text) {
      const auto parts = base::split(text, '/');
      for (auto it = parts.rbegin(); it != parts.rend(); ++it)
        if (!it->empty() && *it != ".") todo.emplace_back(*it);
    };
    push(path);
    std::string place;
    int links = 0;
    while (!todo.empty()) {
      const std::string name = std::move(todo.back());
      todo.pop_back();
      if (name == "..") {
        place.resize(place.empty() ? 0 : place.rfind('/'));
        continue;
      }
      const std::string next = place + "/" + name;
      const auto it = content_.find(next);
      const std::string link = it == content_.end() ? "" : link_target(it->second);
      if (link.empty() || (todo.empty() && !follow)) {
        place = next;
        continue;
      }
      if (++links > 40) return std::nullopt;
      if (link[0] == '/') place.clear();
      push(link);
    }
    return place.empty() ? "/" : place;
  }

  const std::string* find(std::string_view path, model::Gap& gap) const {
    const auto place = resolve(path, true);
    const auto it = place ? content_.find(*place) : content_.end();
    if (it != content_.end()) return &it->second;
    gap = {std::string(path), !place                       ? "too many symbolic links"
                              : directories_.count(*place) ? "is a directory"
                                                           : "does not exist"};
    return nullptr;
  }

  std::map<std::string, std::string> content_;
  std::set<std::string> directories_;
};

class NoFiles : public Files {
 public:
  Fetched read(std::string_view path, size_t) const override {
    return {std::nullopt, gap(path), false};
  }
  std::unique_ptr<ByteStream> open(std::string_view path, model::Gap& out) const override {
    out = gap(path);
    return nullptr;
  }
  FileInfo info(std::string_view) const override { return {}; }
  std::vector<std::string> list(std::string_view directory, model::Gap& out) const override {
    out = gap(directory);
    return {};
  }
  std::vector<std::string> glob(std::string_view) const override { return {}; }

 private:
  static model::Gap gap(std::string_view path) {
    return {std::string(path), "is not among the files given"};
  }
};

}  // namespace

std::shared_ptr<const Files> host_files(std::string root) {
  return std::make_shared<HostFiles>(std::move(root));
}

std::shared_ptr<const Files> memory_files(std::map<std::string, std::string> content) {
  return std::make_shared<MemoryFiles>(std::move(content));
}

std::shared_ptr<const Files> no_files() { return std::make_shared<NoFiles>(); }

}  // namespace ngxdiag::source
