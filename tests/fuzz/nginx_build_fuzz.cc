// `nginx -V`, executables and module names out of any bytes.
#include <cstdlib>

#include "libdiag/parse/module_names.h"
#include "libdiag/parse/nginx_build.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  using namespace ngxdiag::parse;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  parse_nginx_build(text);
  parse_nginx_build(build_text_from_binary(text));
  const std::string slug = module_slug(text);
  if (module_slug(slug) != slug) std::abort();
  module_name_or_slug(text);
  return 0;
}
