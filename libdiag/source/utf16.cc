#include "libdiag/source/utf16.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "libdiag/base/limits.h"

namespace ngxdiag::source {
namespace {

constexpr uint32_t kReplacement = 0xfffd;

void append_utf8(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  const int extra = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr uint32_t kLead[] = {0, 0xc0, 0xe0, 0xf0};
  out += static_cast<char>(kLead[extra] | (code >> (6 * extra)));
  for (int i = extra - 1; i >= 0; --i) out += static_cast<char>(0x80 | ((code >> (6 * i)) & 0x3f));
}

class Utf16Stream : public ByteStream {
 public:
  explicit Utf16Stream(std::unique_ptr<ByteStream> raw) : raw_(std::move(raw)) {}

  size_t read(char* out, size_t size) override {
    while (at_ == ready_.size() && !ended_) fill();
    const size_t count = std::min(size, ready_.size() - at_);
    if (count) std::memcpy(out, ready_.data() + at_, count);
    at_ += count;
    return count;
  }
  std::optional<model::Gap> gap() const override { return raw_->gap(); }

 private:
  void fill() {
    ready_.clear();
    at_ = 0;
    std::string bytes(base::kChunk, '\0');
    const size_t kept = odd_.size();
    std::copy(odd_.begin(), odd_.end(), bytes.begin());
    const size_t got = raw_->read(bytes.data() + kept, bytes.size() - kept);
    bytes.resize(kept + got);
    odd_.clear();
    if (got == 0) {
      ended_ = true;
      if (high_ || !bytes.empty()) append_utf8(ready_, kReplacement);
      return;
    }
    if (bytes.size() % 2 != 0) {
      odd_ = bytes.substr(bytes.size() - 1);
      bytes.pop_back();
    }
    for (size_t i = 0; i < bytes.size(); i += 2)
      unit(static_cast<unsigned char>(bytes[i]), static_cast<unsigned char>(bytes[i + 1]));
  }

  void unit(unsigned char first, unsigned char second) {
    if (!started_) {
      started_ = true;
      big_ = first == 0xfe;
      return;
    }
    const auto value = static_cast<uint32_t>(big_ ? first << 8 | second : second << 8 | first);
    if (high_) {
      const uint32_t high = std::exchange(high_, 0);
      if (value >= 0xdc00 && value < 0xe000)
        return append_utf8(ready_, 0x10000 + ((high - 0xd800) << 10) + (value - 0xdc00));
      append_utf8(ready_, kReplacement);
    }
    if (value >= 0xd800 && value < 0xdc00)
      high_ = value;
    else
      append_utf8(ready_, value >= 0xdc00 && value < 0xe000 ? kReplacement : value);
  }

  std::unique_ptr<ByteStream> raw_;
  std::string ready_, odd_;
  size_t at_ = 0;
  uint32_t high_ = 0;  // the first half of a pair
  bool started_ = false, big_ = false, ended_ = false;
};

}  // namespace

bool is_utf16(std::string_view head) {
  if (head.size() < 4) return false;
  const bool little = head[0] == '\xff' && head[1] == '\xfe' && (head[2] != 0 || head[3] != 0);
  return little || (head[0] == '\xfe' && head[1] == '\xff');
}

std::unique_ptr<ByteStream> utf16_to_utf8(std::unique_ptr<ByteStream> raw) {
  return std::make_unique<Utf16Stream>(std::move(raw));
}

}  // namespace ngxdiag::source
