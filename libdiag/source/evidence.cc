#include "libdiag/source/evidence.h"

#include <utility>

#include "libdiag/source/streams.h"

namespace ngxdiag::source {

Document text_document(std::string path, std::string text, std::optional<model::Kind> kind) {
  const auto shared = std::make_shared<const std::string>(std::move(text));
  return {std::move(path), kind, [shared](model::Gap&) { return memory_stream(shared); }};
}

}  // namespace ngxdiag::source
