#include "libdiag/source/files.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <set>
#include <utility>

#include "libdiag/base/text.h"
#include "libdiag/source/decompress.h"
#include "libdiag/source/glob.h"
#include "libdiag/source/plain_files.h"
#include "libdiag/source/proc_table.h"
#include "libdiag/source/rooted.h"
#include "libdiag/source/slow_mounts.h"
#include "libdiag/source/streams.h"
#include "libdiag/source/watchdog.h"

namespace ngxdiag::source {
namespace {

constexpr auto kMountLimit = std::chrono::milliseconds(1500);
constexpr const char* kNoAnswer = "lies on a network mount that does not answer";

// Slow mount points as paths below `root`: this host's, those of the process whose root it is, or
// those inside a captured tree.
std::set<std::string> slow_mounts_below(const std::string& root) {
  constexpr std::string_view kOfProcess = "/root";
  const bool process =
      root.compare(0, 6, "/proc/") == 0 && root.size() > kOfProcess.size() &&
      root.compare(root.size() - kOfProcess.size(), kOfProcess.size(), kOfProcess) == 0;
  if (process)
    return slow_mounts(proc_text(root.substr(0, root.size() - kOfProcess.size()) + "/mountinfo"));
  const std::set<std::string> all = slow_mounts(proc_text("/proc/self/mountinfo"));
  if (root.empty()) return all;
  std::set<std::string> below;
  for (const std::string& mount : all)
    if (mount.compare(0, root.size() + 1, root + "/") == 0) below.insert(mount.substr(root.size()));
  return below;
}

// A descriptor on a network mount: every read may be the one that is never answered.
class PatientStream : public ByteStream {
 public:
  PatientStream(std::unique_ptr<ByteStream> inner, std::string what)
      : inner_(std::move(inner)), what_(std::move(what)) {}

  size_t read(char* out, size_t size) override {
    if (gap_) return 0;
    const auto got = within<std::string>(kMountLimit, [inner = inner_, size] {
      std::string bytes(std::min<size_t>(size, 256 * 1024), '\0');
      bytes.resize(inner->read(bytes.data(), bytes.size()));
      return bytes;
    });
    if (!got) {
      gap_ = model::Gap{what_, kNoAnswer};
      return 0;
    }
    std::copy(got->begin(), got->end(), out);
    return got->size();
  }
  std::optional<model::Gap> gap() const override { return gap_ ? gap_ : inner_->gap(); }

 private:
  std::shared_ptr<ByteStream> inner_;  // shared with a read that was left behind
  std::string what_;
  std::optional<model::Gap> gap_;
};

// A root with care: whatever lies on a network mount is looked at on a thread that can be left
// behind, and a mount that did not answer once is not touched again.
class HostFiles : public Files {
 public:
  explicit HostFiles(std::string root) : plain_(std::make_shared<PlainFiles>(std::move(root))) {
    slow_ = slow_mounts_below(plain_->root());
  }

  Fetched read(std::string_view path, size_t cap) const override {
    const std::string mount = mount_of(path);
    if (mount.empty()) return plain_->read(path, cap);
    Fetched silent;
    silent.gap = {std::string(path), kNoAnswer};
    return guarded<Fetched>(mount, silent, [plain = plain_, path = std::string(path), cap] {
      return plain->read(path, cap);
    });
  }

  std::unique_ptr<ByteStream> open(std::string_view path, model::Gap& gap) const override {
    const std::string mount = mount_of(path);
    if (mount.empty()) return plain_->open(path, gap);
    struct Opened {
      std::shared_ptr<std::unique_ptr<ByteStream>> stream;
      model::Gap gap;
    };
    const Opened opened = guarded<Opened>(
        mount, {nullptr, {std::string(path), kNoAnswer}},
        [plain = plain_, path = std::string(path)] {
          Opened out;
          out.stream =
              std::make_shared<std::unique_ptr<ByteStream>>(plain->raw_stream(path, out.gap));
          return out;
        });
    gap = opened.gap;
    if (!opened.stream || !*opened.stream) return nullptr;
    return decompressed(
        std::make_unique<PatientStream>(std::move(*opened.stream), std::string(path)),
        std::string(path));
  }

  FileInfo info(std::string_view path) const override {
    const std::string mount = mount_of(path);
    if (mount.empty()) return plain_->info(path);
    return guarded<FileInfo>(
        mount, {}, [plain = plain_, path = std::string(path)] { return plain->info(path); });
  }

  std::vector<std::string> list(std::string_view directory, model::Gap& gap) const override {
    const std::string mount = mount_of(directory);
    if (mount.empty()) return plain_->list(directory, gap);
    using Listed = std::pair<std::vector<std::string>, model::Gap>;
    Listed listed = guarded<Listed>(mount, {{}, {std::string(directory), kNoAnswer}},
                                    [plain = plain_, path = std::string(directory)] {
                                      Listed out;
                                      out.first = plain->list(path, out.second);
                                      return out;
                                    });
    gap = std::move(listed.second);
    return std::move(listed.first);
  }

  std::vector<std::string> glob(std::string_view pattern) const override {
    return expand_glob(*this, pattern);
  }

 private:
  // The slow mount that a walk to `path` would touch; "" for almost every path.
  std::string mount_of(std::string_view path) const {
    return slow_.empty() ? "" : find_below(plain_->root(), path, true, &slow_).slow_mount;
  }

  template <class T>
  T guarded(const std::string& mount, T silent, std::function<T()> work) const {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (dead_.count(mount)) return silent;
    }
    if (auto answer = within<T>(kMountLimit, std::move(work))) return std::move(*answer);
    const std::lock_guard<std::mutex> lock(mutex_);
    dead_.insert(mount);
    return silent;
  }

  std::shared_ptr<const PlainFiles> plain_;
  std::set<std::string> slow_;
  mutable std::mutex mutex_;
  mutable std::set<std::string> dead_;
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
    if (out.cut) out.gap = cut_gap(path, cap);
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
      out.mode = out.symlink ? 0777 : it->second.starts_with("#!") ? 0755 : 0644;
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
