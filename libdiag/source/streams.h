// Byte streams over what is at hand, and small helpers to consume them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "libdiag/source/files.h"

namespace ngxdiag::source {

// How a document's bytes are come by, again and again.
using Opener = std::function<std::unique_ptr<ByteStream>(model::Gap&)>;

// The bytes of `text`, which the stream keeps alive.
std::unique_ptr<ByteStream> memory_stream(std::shared_ptr<const std::string> text);

// The bytes of a descriptor, which the stream closes. At most `limit` bytes: what a file held when
// it was opened, so that a growing log ends. `what` names it in gaps.
std::unique_ptr<ByteStream> descriptor_stream(int fd, uint64_t limit, std::string what);

// `head`, then what `rest` still gives: a stream whose beginning was read to look into it.
// `altered`: the head is not byte for byte what was read, so places of the whole mean nothing.
std::unique_ptr<ByteStream> prefixed_stream(std::string head, std::unique_ptr<ByteStream> rest,
                                            bool altered = false);

// Up to `size` bytes, fewer only at the end.
std::string read_some(ByteStream& stream, size_t size);

// "permission denied: run as root", "does not exist", "Input/output error": errno in plain words.
std::string why_errno(int error);

}  // namespace ngxdiag::source
