#include "libdiag/source/streams.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace ngxdiag::source {
namespace {

class MemoryStream : public ByteStream {
 public:
  explicit MemoryStream(std::shared_ptr<const std::string> text) : text_(std::move(text)) {}

  size_t read(char* out, size_t size) override {
    const size_t count = std::min(size, text_->size() - at_);
    if (count) std::memcpy(out, text_->data() + at_, count);
    at_ += count;
    return count;
  }
  std::optional<model::Gap> gap() const override { return std::nullopt; }
  uint64_t seekable_size() const override { return text_->size(); }
  void seek(uint64_t offset) override {
    at_ = static_cast<size_t>(std::min<uint64_t>(offset, text_->size()));
  }

 private:
  std::shared_ptr<const std::string> text_;
  size_t at_ = 0;
};

class DescriptorStream : public ByteStream {
 public:
  DescriptorStream(int fd, uint64_t limit, std::string what)
      : fd_(fd), left_(limit), what_(std::move(what)) {
    struct stat status {};
    // Of other files (/proc) the size says nothing.
    if (::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0)
      size_ = std::min(limit, static_cast<uint64_t>(status.st_size));
  }
  ~DescriptorStream() override { ::close(fd_); }
  DescriptorStream(const DescriptorStream&) = delete;
  DescriptorStream& operator=(const DescriptorStream&) = delete;

  size_t read(char* out, size_t size) override {
    const size_t wanted = static_cast<size_t>(std::min<uint64_t>(size, left_));
    while (wanted > 0 && !gap_) {
      const ssize_t count = ::read(fd_, out, wanted);
      if (count >= 0) {
        left_ -= static_cast<uint64_t>(count);
        if (count == 0) left_ = 0;
        return static_cast<size_t>(count);
      }
      if (errno == EINTR) continue;
      if (errno == EAGAIN && endless()) {
        gap_ = model::Gap{what_, "never ends"};
        break;
      }
      if (errno == EAGAIN) {  // only a pipe that the user gave: wait for its writer
        pollfd waiting{fd_, POLLIN, 0};
        ::poll(&waiting, 1, -1);
        continue;
      }
      gap_ = model::Gap{what_, "reading stopped: " + why_errno(errno)};
    }
    return 0;
  }
  std::optional<model::Gap> gap() const override { return gap_; }
  uint64_t seekable_size() const override { return size_; }
  void seek(uint64_t offset) override {
    if (size_ == 0 || ::lseek(fd_, static_cast<off_t>(offset), SEEK_SET) < 0) return;
    left_ = size_ - std::min(offset, size_);
  }

 private:
  // A file that has to be waited for is one like /proc/kmsg: it would keep a scan for ever.
  bool endless() const {
    struct stat status {};
    return ::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode);
  }

  int fd_;
  uint64_t left_, size_ = 0;
  std::string what_;
  std::optional<model::Gap> gap_;
};

class PrefixedStream : public ByteStream {
 public:
  PrefixedStream(std::string head, std::unique_ptr<ByteStream> rest, bool altered)
      : head_(std::move(head)), rest_(std::move(rest)), altered_(altered) {}

  size_t read(char* out, size_t size) override {
    const size_t count = std::min(size, head_.size() - at_);
    if (count == 0) return rest_->read(out, size);
    std::memcpy(out, head_.data() + at_, count);
    at_ += count;
    // Fill up, so that a reader does not get a few bytes at a time for the head's sake.
    return count < size ? count + rest_->read(out + count, size - count) : count;
  }
  std::optional<model::Gap> gap() const override { return rest_->gap(); }
  // What stands before `rest` was read from it.
  uint64_t seekable_size() const override { return altered_ ? 0 : rest_->seekable_size(); }
  void seek(uint64_t offset) override {
    at_ = head_.size();
    rest_->seek(offset);
  }

 private:
  std::string head_;
  size_t at_ = 0;
  std::unique_ptr<ByteStream> rest_;
  bool altered_;
};

}  // namespace

std::unique_ptr<ByteStream> memory_stream(std::shared_ptr<const std::string> text) {
  return std::make_unique<MemoryStream>(std::move(text));
}

std::unique_ptr<ByteStream> descriptor_stream(int fd, uint64_t limit, std::string what) {
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::make_unique<DescriptorStream>(fd, limit, std::move(what));
}

std::unique_ptr<ByteStream> prefixed_stream(std::string head, std::unique_ptr<ByteStream> rest,
                                            bool altered) {
  return std::make_unique<PrefixedStream>(std::move(head), std::move(rest), altered);
}

std::string read_some(ByteStream& stream, size_t size) {
  std::string out;
  while (out.size() < size) {
    const size_t before = out.size();
    // Grow by steps: `size` is a cap, not an expectation.
    const size_t step = std::min(size - before, std::max<size_t>(before, 64 * 1024));
    out.resize(before + step);
    const size_t count = stream.read(out.data() + before, step);
    out.resize(before + count);
    if (count == 0) break;
  }
  return out;
}

std::string why_errno(int error) {
  switch (error) {
    case EACCES:
    case EPERM: return "permission denied: run as root";
    case ENOENT:
    case ENOTDIR: return "does not exist";
    case ESRCH: return "the process is gone";
    case ELOOP: return "too many symbolic links";
    case EISDIR: return "is a directory";
    case EIO: return "input/output error";
    case EMFILE:
    case ENFILE: return "too many open files";
    case ENAMETOOLONG: return "the name is too long";
    case ESTALE: return "the network file system lost it (stale handle)";
    default: return "cannot be read (errno " + std::to_string(error) + ")";
  }
}

}  // namespace ngxdiag::source
