// libFuzzer target of what people give: any bytes as a file, a compressed file, an archive, a
// passage of unknown text. Build and run as log_lines_fuzz.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "libdiag/base/text.h"
#include "libdiag/source/archive.h"
#include "libdiag/source/cgroup.h"
#include "libdiag/source/decompress.h"
#include "libdiag/source/glob.h"
#include "libdiag/source/kernel_messages.h"
#include "libdiag/source/packages.h"
#include "libdiag/source/proc_table.h"
#include "libdiag/source/process_roles.h"
#include "libdiag/source/recognise.h"
#include "libdiag/source/slow_mounts.h"

using namespace ngxdiag;

namespace {

constexpr size_t kInflated = 1u << 20;

source::Opener opened(std::shared_ptr<const std::string> bytes) {
  return [bytes](model::Gap&) { return source::decompressed(source::memory_stream(bytes), "x"); };
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto bytes = std::make_shared<const std::string>(reinterpret_cast<const char*>(data), size);
  const std::string_view text = *bytes;

  const source::Opener open = opened(bytes);
  model::Gap gap;
  const std::string plain = source::read_some(*open(gap), kInflated);
  if (source::is_archive(plain))
    source::each_member(
        open, "x",
        [](const source::Member& member, source::ByteStream& stream) {
          const std::string path = "/" + member.path + "/";
          if (path.find("/../") != std::string::npos) std::abort();
          source::read_some(stream, kInflated);
          return member.index < 100;
        },
        gap);

  model::Kind kind = source::recognise_text(text, "a.txt");
  source::is_binary(text);
  std::string_view rest = text;
  while (!rest.empty()) kind = source::recognise_line(base::take_line(rest), kind);

  source::parse_stat(text);
  source::cgroup_path(text);
  source::container_of_cgroup(text);
  source::dmesg_line(text, 0);
  source::packages_of_dpkg(text);
  source::packages_of_apk(text);
  source::changes_of_dpkg_log(text);
  source::slow_mounts(text);
  source::arguments_of_title(text);
  const size_t half = std::min<size_t>(size / 2, 200);
  source::glob_match(text.substr(0, half), text.substr(half, 400));
  return 0;
}
