// libFuzzer target of the line parsers: any bytes, line by line, through every one of them. Build:
//   CXX=clang++ meson setup build-fuzz -Dfuzz=true
//   ninja -C build-fuzz tests/fuzz/log_lines_fuzz
//   build-fuzz/tests/fuzz/log_lines_fuzz -dict=tests/fuzz/log_lines.dict -max_total_time=60 CORPUS
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "libdiag/base/text.h"
#include "libdiag/parse/acme_log.h"
#include "libdiag/parse/backtrace.h"
#include "libdiag/parse/error_log.h"
#include "libdiag/parse/kernel_log.h"
#include "libdiag/parse/listing.h"
#include "libdiag/parse/maps.h"
#include "libdiag/parse/module_list.h"
#include "libdiag/parse/ps.h"
#include "libdiag/parse/system_log.h"

using namespace ngxdiag;

namespace {

constexpr base::CivilTime kNow = 1776813500;

// What a parser gives is a view into its line, or empty.
void require_within(std::string_view line, std::string_view part) {
  if (part.empty()) return;
  const bool within =
      part.data() >= line.data() && part.data() + part.size() <= line.data() + line.size();
  if (!within) std::abort();
}

void parse_log_line(std::string_view line) {
  if (const auto error = parse::parse_error_line(line)) {
    require_within(line, error->message);
    const auto parts = parse::split_message(error->message);
    for (const std::string_view part : {parts.text, parts.phase, parts.client, parts.server,
                                        parts.request, parts.upstream, parts.host, parts.file})
      if (part != "command line") require_within(line, part);
    require_within(line, parse::parse_life(error->message).subject);
  }
  parse::split_message(line);
  parse::parse_life(line);
  parse::parse_bare_line(line);
  parse::is_complete_line(line);
  parse::is_forged_tail(line);
  parse::abort_text_kind(line);
  if (const auto assertion = parse::parse_assertion(line)) {
    require_within(line, assertion->title);
    require_within(line, assertion->expression);
  }
}

void parse_other_line(std::string_view line) {
  if (const auto kernel = parse::parse_kernel_line(line, kNow))
    require_within(line, kernel->object);
  if (const auto frame = parse::parse_frame(line)) require_within(line, frame->object);
  if (const auto system = parse::parse_system_line(line, kNow)) parse::parse_unit(system->message);
  parse::parse_unit(line);
  if (const auto row = parse::parse_listing_row(line, kNow)) require_within(line, row->name);
  require_within(line, parse::parse_listing_directory(line));
  if (const auto file = parse::parse_mapped_file(line)) require_within(line, file->path);
  parse::parse_limit(line, "Max open files");
  if (const auto module = parse::parse_listed_module(line)) require_within(line, module->version);
  parse::parse_apt_date(line);
  if (const auto acme = parse::parse_acme_line(line)) require_within(line, acme->domain);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  parse::parse_ps(text, kNow, true);
  parse::parse_process_count(text);
  parse::RecordTracker tracker;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = base::take_line(rest);
    tracker.begins_record(line);
    parse_log_line(line);
    parse_other_line(line);
  }
  return 0;
}
