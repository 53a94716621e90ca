#include "libdiag/source/loose.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "libdiag/source/archive.h"
#include "libdiag/source/decompress.h"
#include "libdiag/source/refusal.h"
#include "libdiag/source/rooted.h"
#include "libdiag/source/streams.h"
#include "libdiag/source/unframe.h"

namespace ngxdiag::source {
namespace {

using model::Gap;

constexpr size_t kHead = 8 * 1024;
constexpr size_t kMaxDocuments = 5000;
constexpr int kMaxDirectoryDepth = 24;
constexpr int kMaxArchiveDepth = 2;
constexpr size_t kMaxMembers = 50000;
constexpr size_t kKeptMember =
    4u << 20;  // larger members are read again from the archive when asked for
constexpr size_t kKeptTotal = 128u << 20;
constexpr size_t kPipedArchive = 512u << 20;  // an archive on standard input cannot be read twice

// A tree of host paths inside what was given: where include files are looked up.
struct CapturedTree {
  std::string prefix;  // "sosreport-web1/", "" for the top
  bool found = false;
  std::map<std::string, std::string> content;
};

class Gatherer {
 public:
  explicit Gatherer(Instance& instance, std::vector<Gap>& gaps)
      : instance_(instance), gaps_(gaps) {}

  void add(const LooseInput& input) {
    if (input.path == "-") return add_pipe("-", ::dup(0), input.kind);
    struct stat status {};
    if (::stat(input.path.c_str(), &status) != 0) {
      if (errno == ENOENT || errno == ENOTDIR)
        throw base::UserError("no such file or directory", input.path, "", "",
                              "check the name, or use - for standard input");
      gaps_.push_back({input.path, why_errno(errno)});
      return;
    }
    if (S_ISDIR(status.st_mode)) {
      root_ = input.path;
      walk("", input.kind, 0);
      return use_tree_on_disk(input.path);
    }
    // `<(zcat …)` and /dev/stdin: read once, as they come.
    if (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) || input.path == "/dev/stdin")
      return add_pipe(input.path, ::open(input.path.c_str(), O_RDONLY | O_CLOEXEC), input.kind);
    if (!S_ISREG(status.st_mode)) {
      gaps_.push_back({input.path, "is a device"});
      return;
    }
    seen_.insert({status.st_dev, status.st_ino});
    const std::string path = input.path;
    judge(
        path, [path](Gap& gap) { return host_files("")->open(path, gap); }, input.kind, 0);
  }

  void finish() {
    if (!tree_files_) return;
    instance_.files = tree_files_;
    instance_.has_tree = true;
  }

 private:
  void add_pipe(const std::string& label, int fd, std::optional<model::Kind> kind) {
    if (fd < 0) {
      gaps_.push_back({label, why_errno(errno)});
      return;
    }
    auto stream =
        decompressed(descriptor_stream(fd, std::numeric_limits<uint64_t>::max(), label), label);
    std::string head = read_some(*stream, kHead);
    if (is_archive(head)) {
      auto whole = std::make_shared<std::string>(std::move(head));
      *whole += read_some(*stream, kPipedArchive);
      const auto fixed = std::shared_ptr<const std::string>(whole);
      return judge(
          label, [fixed](Gap&) { return memory_stream(fixed); }, kind, 0);
    }
    stream = unframed(prefixed_stream(std::move(head), std::move(stream)));
    head = read_some(*stream, kHead);
    if (refused(label, head, stream->gap(), kind)) return;
    const auto once = std::make_shared<std::unique_ptr<ByteStream>>(
        prefixed_stream(std::move(head), std::move(stream)));
    instance_.documents.push_back({label, kind, [once, label](Gap& gap) {
                                     if (!*once)
                                       gap = {label, "was read already and cannot be read twice"};
                                     return std::move(*once);
                                   }});
  }

  // True, with a gap, when there is nothing to read in a text that begins with `head`.
  bool refused(const std::string& label, std::string_view head, const std::optional<Gap>& gap,
               const std::optional<model::Kind>& kind) {
    if (head.empty() && gap) {
      gaps_.push_back(*gap);
      return true;
    }
    if (const auto why = refusal(label, head, kind.has_value())) {
      gaps_.push_back({label, *why});
      return true;
    }
    if (instance_.documents.size() >= kMaxDocuments) {
      if (!full_)
        gaps_.push_back({label, "more than " + base::grouped(kMaxDocuments) +
                                    " files: this and the rest were left"});
      full_ = true;
      return true;
    }
    return false;
  }

  // What `open` gives becomes a document, the documents of its members, or a gap.
  void judge(const std::string& label, const Opener& raw, std::optional<model::Kind> kind,
             int depth) {
    const Opener open = [raw](Gap& gap) -> std::unique_ptr<ByteStream> {
      auto stream = raw(gap);
      return stream ? unframed(std::move(stream)) : nullptr;
    };
    if (names_private_key(label)) {
      gaps_.push_back({label, "is named like a private key: it is not needed and was not read"});
      return;
    }
    Gap gap;
    const auto stream = open(gap);
    if (!stream) {
      gaps_.push_back(gap);
      return;
    }
    const std::string head = read_some(*stream, kHead);
    if (is_archive(head)) {
      if (depth >= kMaxArchiveDepth)
        gaps_.push_back({label, "is an archive inside an archive inside an archive: it was left"});
      else
        unpack(label, raw, kind, depth + 1);
      return;
    }
    if (refused(label, head, stream->gap(), kind)) return;
    instance_.documents.push_back({label, kind, open});
  }

  void unpack(const std::string& label, const Opener& open, std::optional<model::Kind> kind,
              int depth) {
    Gap gap;
    size_t members = 0;
    CapturedTree tree;
    each_member(
        open, label,
        [&](const Member& member, ByteStream& bytes) {
          if (++members > kMaxMembers || full_) {
            gaps_.push_back({label, "holds more than " + base::grouped(kMaxMembers) +
                                        " files: the rest was left"});
            return false;
          }
          const std::string name = label + "/" + member.path;
          if (!member.link.empty()) {
            keep(tree, member.path, "-> " + member.link);
            return true;
          }
          if (names_private_key(member.path)) {
            gaps_.push_back(
                {name, "is named like a private key: it is not needed and was not read"});
            return true;
          }
          const bool small = member.size >= 0 && member.size <= static_cast<int64_t>(kKeptMember) &&
                             kept_ + static_cast<size_t>(member.size) <= kKeptTotal;
          if (!small) {
            judge_member(name, member_opener(open, label, member.index), kind, depth);
            return true;
          }
          const auto text = std::make_shared<const std::string>(read_some(bytes, kKeptMember));
          if (const auto broken = bytes.gap()) gaps_.push_back({name, broken->why});
          kept_ += text->size();
          if (!holds_private_key(*text)) keep(tree, member.path, *text);
          judge_member(
              name, [text](Gap&) { return memory_stream(text); }, kind, depth);
          return true;
        },
        gap);
    if (!gap.why.empty()) gaps_.push_back(gap);
    use(tree, label);
  }

  // A member may itself be compressed (error.log.2.gz) or an archive.
  void judge_member(const std::string& name, Opener raw, std::optional<model::Kind> kind,
                    int depth) {
    judge(
        name,
        [raw = std::move(raw), name](Gap& gap) -> std::unique_ptr<ByteStream> {
          auto stream = raw(gap);
          return stream ? decompressed(std::move(stream), name) : nullptr;
        },
        kind, depth);
  }

  void walk(const std::string& below, std::optional<model::Kind> kind, int depth) {
    const std::string shown = root_ + (below.empty() || root_.back() == '/' ? "" : "/") + below;
    if (depth > kMaxDirectoryDepth) {
      gaps_.push_back({shown, "lies too deep: it was left"});
      return;
    }
    const auto files = host_files(root_);
    Gap gap;
    const auto names = files->list(below.empty() ? "/" : below, gap);
    if (!gap.why.empty()) gaps_.push_back({shown, gap.why});
    if (names.empty() && gap.why.empty() && below.empty())
      gaps_.push_back({shown, "is an empty directory"});
    for (const std::string& name : names) {
      if (full_) return;
      const std::string path = below.empty() ? name : below + "/" + name;
      const std::string label = root_ + (root_.back() == '/' ? "" : "/") + path;
      const bool link = files->info(path).symlink;
      const Found found = find_below(root_, path, true);
      if (!found.at) {
        gaps_.push_back(
            {label,
             link ? "is a link that leads out of the directory or nowhere: it was not followed"
                  : found.why});
        continue;
      }
      if (link) continue;  // what it leads to lies elsewhere in the walk
      if (S_ISDIR(found.stat.st_mode)) {
        walk(path, kind, depth + 1);
        continue;
      }
      if (!S_ISREG(found.stat.st_mode)) continue;  // sockets and fifos of a copied /run
      if (!seen_.insert({found.stat.st_dev, found.stat.st_ino}).second) continue;
      judge(
          label,
          [files, path, label](Gap& why) {
            auto stream = files->open(path, why);
            if (!stream) why.what = label;
            return stream;
          },
          kind, 0);
    }
  }

  // Everything below "PREFIX" of the first "PREFIXetc/nginx/nginx.conf" belongs to one captured
  // host.
  void keep(CapturedTree& tree, const std::string& path, std::string text) {
    constexpr std::string_view kConf = "etc/nginx/nginx.conf";
    const size_t at = path.size() < kConf.size() ? std::string::npos : path.size() - kConf.size();
    if (!tree.found && at != std::string::npos && path.compare(at, kConf.size(), kConf) == 0 &&
        (at == 0 || path[at - 1] == '/')) {
      tree.found = true;
      tree.prefix = path.substr(0, at);
    }
    tree.content[path] = std::move(text);
  }

  void use(CapturedTree& tree, const std::string& label) {
    if (!tree.found || tree_files_) return;
    std::map<std::string, std::string> content;
    for (auto& [path, text] : tree.content)
      if (path.compare(0, tree.prefix.size(), tree.prefix) == 0)
        content["/" + path.substr(tree.prefix.size())] = std::move(text);
    use(memory_files(std::move(content)), label + "/" + tree.prefix);
  }

  void use_tree_on_disk(const std::string& directory) {
    if (tree_files_) return;
    const auto files = host_files(directory);
    const std::string base = directory.back() == '/' ? directory : directory + "/";
    if (files->info("etc/nginx/nginx.conf").exists) return use(files, base);
    Gap ignored;
    for (const std::string& name : files->list("/", ignored))
      if (files->info(name + "/etc/nginx/nginx.conf").exists)
        return use(host_files(base + name), base + name + "/");
  }

  // Documents of the tree get the paths of their host; its configuration is read through `files`,
  // from nginx.conf on, and not piece by piece.
  void use(std::shared_ptr<const Files> files, const std::string& prefix) {
    tree_files_ = std::move(files);
    std::vector<Document> kept;
    for (Document& document : instance_.documents) {
      if (document.path.compare(0, prefix.size(), prefix) == 0) {
        document.path = "/" + document.path.substr(prefix.size());
        if (document.path.compare(0, 11, "/etc/nginx/") == 0 && !document.kind) continue;
      }
      kept.push_back(std::move(document));
    }
    instance_.documents = std::move(kept);
  }

  Instance& instance_;
  std::vector<Gap>& gaps_;
  std::string root_;
  std::set<std::pair<dev_t, ino_t>> seen_;
  std::shared_ptr<const Files> tree_files_;
  size_t kept_ = 0;
  bool full_ = false;
};

}  // namespace

Evidence gather_loose(const std::vector<LooseInput>& inputs, base::CivilTime now,
                      const std::string& host) {
  Evidence out;
  out.host = host;
  out.now = now;
  out.privileged = ::geteuid() == 0;
  Instance instance;
  instance.files = no_files();
  Gatherer gatherer(instance, out.gaps);
  for (const LooseInput& input : inputs) gatherer.add(input);
  gatherer.finish();
  out.instances.push_back(std::move(instance));
  return out;
}

}  // namespace ngxdiag::source
