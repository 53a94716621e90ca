// Files below a root by the file system's own calls.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/source/files.h"

namespace ngxdiag::source {

// What host_files() gives, but without care for mounts that may not answer.
class PlainFiles : public Files {
 public:
  explicit PlainFiles(std::string root) : root_(std::move(root)) {}

  Fetched read(std::string_view path, size_t cap) const override;
  std::unique_ptr<ByteStream> open(std::string_view path, model::Gap& gap) const override;
  FileInfo info(std::string_view path) const override;
  std::vector<std::string> list(std::string_view directory, model::Gap& gap) const override;
  std::vector<std::string> glob(std::string_view pattern) const override;

  // The bytes as they are, not decompressed.
  std::unique_ptr<ByteStream> raw_stream(std::string_view path, model::Gap& gap) const;
  const std::string& root() const { return root_; }

 private:
  std::string root_;
};

// "is larger than 1,000 bytes: the rest was not read"
model::Gap cut_gap(std::string_view path, size_t cap);

}  // namespace ngxdiag::source
