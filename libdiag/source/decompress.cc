#include "libdiag/source/decompress.h"

#include <bzlib.h>
#if NGXDIAG_ISAL
#include <isa-l/igzip_lib.h>
#endif
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "libdiag/source/streams.h"

namespace ngxdiag::source {
namespace {

constexpr size_t kChunk = 128 * 1024;
constexpr uint64_t kLzmaMemory = 192u << 20;  // xz -9 asks for 65 MiB
// Storm logs are repetitive (zstd reaches some thousand to one); beyond this it is no log.
constexpr uint64_t kBombRatio = 20000;
constexpr uint64_t kBombSlack = 256u << 20;

struct Progress {
  size_t taken = 0, given = 0;
  bool ended = false;  // a member, frame or stream ended here
  bool bad = false;
};

class Codec {
 public:
  virtual ~Codec() = default;
  virtual Progress step(const char* in, size_t in_size, char* out, size_t out_size) = 0;
  virtual bool restart() = 0;
};

#if NGXDIAG_ISAL
class Gzip : public Codec {
 public:
  Gzip() { restart(); }
  Progress step(const char* in, size_t in_size, char* out, size_t out_size) override {
    z_.next_in = reinterpret_cast<uint8_t*>(const_cast<char*>(in));
    z_.avail_in = static_cast<uint32_t>(in_size);
    z_.next_out = reinterpret_cast<uint8_t*>(out);
    z_.avail_out = static_cast<uint32_t>(out_size);
    const int result = isal_inflate(&z_);
    return {in_size - z_.avail_in, out_size - z_.avail_out, z_.block_state == ISAL_BLOCK_FINISH,
            result < 0};
  }
  bool restart() override {
    isal_inflate_init(&z_);
    z_.crc_flag = ISAL_GZIP;
    return true;
  }

 private:
  inflate_state z_;
};
#else
class Gzip : public Codec {
 public:
  Gzip() { ready_ = inflateInit2(&z_, 15 + 16) == Z_OK; }
  ~Gzip() override { inflateEnd(&z_); }
  Progress step(const char* in, size_t in_size, char* out, size_t out_size) override {
    if (!ready_) return {0, 0, false, true};
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in));
    z_.avail_in = static_cast<uInt>(in_size);
    z_.next_out = reinterpret_cast<Bytef*>(out);
    z_.avail_out = static_cast<uInt>(out_size);
    const int result = inflate(&z_, Z_NO_FLUSH);
    return {in_size - z_.avail_in, out_size - z_.avail_out, result == Z_STREAM_END,
            result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR};
  }
  bool restart() override { return inflateReset(&z_) == Z_OK; }

 private:
  z_stream z_{};
  bool ready_ = false;
};
#endif

class Zstd : public Codec {
 public:
  Zstd() : z_(ZSTD_createDStream()) {}
  ~Zstd() override { ZSTD_freeDStream(z_); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;
  Progress step(const char* in, size_t in_size, char* out, size_t out_size) override {
    if (!z_) return {0, 0, false, true};
    ZSTD_inBuffer source{in, in_size, 0};
    ZSTD_outBuffer target{out, out_size, 0};
    const size_t result = ZSTD_decompressStream(z_, &target, &source);
    const bool bad = ZSTD_isError(result) != 0;
    return {source.pos, target.pos, !bad && result == 0, bad};
  }
  bool restart() override { return true; }

 private:
  ZSTD_DStream* z_;
};

class Xz : public Codec {
 public:
  Xz() { restart(); }
  ~Xz() override { lzma_end(&z_); }
  Progress step(const char* in, size_t in_size, char* out, size_t out_size) override {
    z_.next_in = reinterpret_cast<const uint8_t*>(in);
    z_.avail_in = in_size;
    z_.next_out = reinterpret_cast<uint8_t*>(out);
    z_.avail_out = out_size;
    const lzma_ret result = lzma_code(&z_, LZMA_RUN);
    return {in_size - z_.avail_in, out_size - z_.avail_out, result == LZMA_STREAM_END,
            result != LZMA_OK && result != LZMA_STREAM_END && result != LZMA_BUF_ERROR};
  }
  bool restart() override { return lzma_stream_decoder(&z_, kLzmaMemory, 0) == LZMA_OK; }

 private:
  lzma_stream z_ = LZMA_STREAM_INIT;
};

class Bzip2 : public Codec {
 public:
  Bzip2() { restart(); }
  ~Bzip2() override {
    if (open_) BZ2_bzDecompressEnd(&z_);
  }
  Progress step(const char* in, size_t in_size, char* out, size_t out_size) override {
    if (!open_) return {0, 0, false, true};
    z_.next_in = const_cast<char*>(in);
    z_.avail_in = static_cast<unsigned>(in_size);
    z_.next_out = out;
    z_.avail_out = static_cast<unsigned>(out_size);
    const int result = BZ2_bzDecompress(&z_);
    return {in_size - z_.avail_in, out_size - z_.avail_out, result == BZ_STREAM_END,
            result != BZ_OK && result != BZ_STREAM_END};
  }
  bool restart() override {
    if (open_) BZ2_bzDecompressEnd(&z_);
    z_ = {};
    open_ = BZ2_bzDecompressInit(&z_, 0, 0) == BZ_OK;
    return open_;
  }

 private:
  bz_stream z_{};
  bool open_ = false;
};

struct Format {
  std::string_view magic, name;
  std::unique_ptr<Codec> (*make)();
};

template <class T>
std::unique_ptr<Codec> make_codec() {
  return std::make_unique<T>();
}

constexpr Format kFormats[] = {
    {"\x1f\x8b\x08", "gzip", make_codec<Gzip>},
    {"\x28\xb5\x2f\xfd", "zstd", make_codec<Zstd>},
    {std::string_view("\xfd"
                      "7zXZ\0",
                      6),
     "xz", make_codec<Xz>},
    {"BZh", "bzip2", make_codec<Bzip2>},
};

const Format* format_of(std::string_view head) {
  for (const Format& format : kFormats)
    if (head.substr(0, format.magic.size()) == format.magic) {
      // "BZh" could begin a text; a level and the block's magic follow in a true one.
      if (format.name == "bzip2" && head.substr(4, 2) != "1A" && head.substr(4, 2) != "\x17\x72")
        continue;
      return &format;
    }
  return nullptr;
}

class DecompressedStream : public ByteStream {
 public:
  DecompressedStream(std::unique_ptr<ByteStream> raw, const Format& format, std::string what)
      : raw_(std::move(raw)),
        format_(format),
        codec_(format.make()),
        what_(std::move(what)),
        in_(kChunk) {}

  size_t read(char* out, size_t size) override {
    size = std::min<size_t>(size, 1u << 30);  // the libraries count in 32 bits
    while (!done_ && size > 0) {
      if (at_ == filled_) refill();
      if (!in_member_ && !begin_member()) break;
      // At the end of the input the codec may still hold output: it is asked until it gives none.
      const Progress p = codec_->step(in_.data() + at_, filled_ - at_, out, size);
      at_ += p.taken;
      given_ += p.given;
      if (p.ended) {
        in_member_ = false;
      } else if (p.bad || (p.taken == 0 && p.given == 0)) {
        finish(!p.bad && filled_ == 0 ? "is cut short: what stood before the cut was read"
                                      : "is damaged: what stood before the damage was read");
      } else if (given_ > taken_ * kBombRatio + kBombSlack) {
        finish("inflates beyond reason: reading stopped");
      }
      if (p.given > 0) return p.given;
    }
    return 0;
  }

  std::optional<model::Gap> gap() const override { return gap_ ? gap_ : raw_->gap(); }

 private:
  void refill() {
    at_ = 0;
    filled_ = raw_->read(in_.data(), in_.size());
    taken_ += filled_;
  }

  // Between members: another one begins, or only padding is left.
  bool begin_member() {
    while (!first_ && at_ < filled_ && in_[at_] == '\0')
      if (++at_ == filled_) refill();
    if (filled_ == 0) {
      finish("");
      return false;
    }
    const bool skippable =
        format_.name == "zstd" && (in_[at_] & 0xf0) == 0x50;  // pzstd's own frames
    if (!first_ && ((in_[at_] != format_.magic[0] && !skippable) || !codec_->restart())) {
      finish("holds something else after its end: that was not read");
      return false;
    }
    first_ = false;
    in_member_ = true;
    return true;
  }

  void finish(std::string_view why) {
    done_ = true;
    if (!why.empty())
      gap_ = model::Gap{what_, "the " + std::string(format_.name) + " file " + std::string(why)};
  }

  std::unique_ptr<ByteStream> raw_;
  const Format& format_;
  std::unique_ptr<Codec> codec_;
  std::string what_;
  std::vector<char> in_;
  size_t at_ = 0, filled_ = 0;
  uint64_t taken_ = 0, given_ = 0;
  bool first_ = true, in_member_ = false, done_ = false;
  std::optional<model::Gap> gap_;
};

}  // namespace

std::unique_ptr<ByteStream> decompressed(std::unique_ptr<ByteStream> raw, std::string what) {
  std::string head = read_some(*raw, 6);
  const Format* format = format_of(head);
  auto whole = prefixed_stream(std::move(head), std::move(raw));
  if (!format) return whole;
  return std::make_unique<DecompressedStream>(std::move(whole), *format, std::move(what));
}

}  // namespace ngxdiag::source
