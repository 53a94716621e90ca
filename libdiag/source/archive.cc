#include "libdiag/source/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "libdiag/base/text.h"

namespace ngxdiag::source {
namespace {

// libarchive over a ByteStream, and the current member's data as one.
class Reader : public ByteStream {
 public:
  Reader(std::unique_ptr<ByteStream> bytes, std::string label)
      : bytes_(std::move(bytes)),
        label_(std::move(label)),
        buffer_(64 * 1024),
        archive_(archive_read_new()) {
    // Formats that need no seeking, and no filters: the bytes are plain already, and libarchive's
    // filters could start outside programs.
    archive_read_support_format_tar(archive_);
    archive_read_support_format_gnutar(archive_);
    archive_read_support_format_zip_streamable(archive_);
    archive_read_support_filter_none(archive_);
    const int result = archive_read_open(archive_, this, nullptr, give, nullptr);
    if (result != ARCHIVE_OK) fail();
  }
  ~Reader() override { archive_read_free(archive_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // The next regular file or link; false at the end.
  bool next(Member& member) {
    archive_entry* entry = nullptr;
    while (!gap_) {
      const int result = archive_read_next_header(archive_, &entry);
      if (result == ARCHIVE_EOF) return false;
      if (result < ARCHIVE_WARN) {
        fail();
        return false;
      }
      ++count_;
      const auto type = archive_entry_filetype(entry);
      const bool link = type == AE_IFLNK;
      if ((type != AE_IFREG && !link) || archive_entry_hardlink(entry)) continue;
      const char* name = archive_entry_pathname(entry);
      const char* target = link ? archive_entry_symlink(entry) : nullptr;
      member.path = neutral_path(name ? name : "");
      member.index = count_ - 1;
      member.size = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : -1;
      member.link = target ? target : "";
      return true;
    }
    return false;
  }

  size_t read(char* out, size_t size) override {
    if (gap_) return 0;
    const la_ssize_t count = archive_read_data(archive_, out, size);
    if (count < 0) {
      fail();
      return 0;
    }
    return static_cast<size_t>(count);
  }

  std::optional<model::Gap> gap() const override {
    if (const auto deeper = bytes_ ? bytes_->gap() : std::nullopt) return deeper;
    return gap_;
  }

 private:
  static la_ssize_t give(archive*, void* self, const void** out) {
    auto* reader = static_cast<Reader*>(self);
    *out = reader->buffer_.data();
    return static_cast<la_ssize_t>(
        reader->bytes_->read(reader->buffer_.data(), reader->buffer_.size()));
  }

  void fail() {
    gap_ = model::Gap{label_, "the archive is damaged or cut short: what stood before was read"};
  }

  std::unique_ptr<ByteStream> bytes_;
  std::string label_;
  std::vector<char> buffer_;
  archive* archive_;
  size_t count_ = 0;
  std::optional<model::Gap> gap_;
};

// A tar header's checksum: the sum of its bytes with the checksum field taken as blanks.
bool is_tar(std::string_view head) {
  if (head.size() < 512 || head[0] == '\0') return false;
  int64_t sum = 0, said = 0;
  for (size_t i = 0; i < 512; ++i)
    sum += (i >= 148 && i < 156) ? ' ' : static_cast<unsigned char>(head[i]);
  size_t i = 148;
  while (i < 156 && head[i] == ' ') ++i;
  const size_t first = i;
  for (; i < 156 && head[i] >= '0' && head[i] <= '7'; ++i) said = said * 8 + (head[i] - '0');
  return i > first && sum == said;
}

}  // namespace

bool is_archive(std::string_view head) { return head.substr(0, 4) == "PK\x03\x04" || is_tar(head); }

void each_member(const Opener& open, const std::string& label,
                 const std::function<bool(const Member&, ByteStream&)>& visit, model::Gap& gap) {
  auto bytes = open(gap);
  if (!bytes) return;
  Reader reader(std::move(bytes), label);
  Member member;
  while (reader.next(member))
    if (!visit(member, reader)) return;
  if (const auto why = reader.gap()) gap = *why;
}

Opener member_opener(Opener archive, std::string label, size_t index) {
  return [archive = std::move(archive), label = std::move(label),
          index](model::Gap& gap) -> std::unique_ptr<ByteStream> {
    auto bytes = archive(gap);
    if (!bytes) return nullptr;
    auto reader = std::make_unique<Reader>(std::move(bytes), label);
    Member member;
    while (reader->next(member))
      if (member.index == index) return reader;
    gap = reader->gap().value_or(model::Gap{label, "does not hold this member any more"});
    return nullptr;
  };
}

std::string neutral_path(std::string_view path) {
  std::vector<std::string> kept;
  for (const std::string_view part : base::split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (!kept.empty()) kept.pop_back();
      continue;
    }
    kept.emplace_back(part);
  }
  return base::join(kept, "/");
}

}  // namespace ngxdiag::source
