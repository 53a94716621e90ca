#include "libdiag/analyze/log_quality.h"

#include <algorithm>

namespace ngxdiag::analyze {
namespace {

using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"log.seen", Unit::kNone, "an error log was looked at"},
    {"log.lines", Unit::kCount, "lines of error logs read"},
    {"log.first", Unit::kTime, "time of the first line"},
    {"log.last", Unit::kTime, "time of the last line"},
    {"log.forged", Unit::kCount,
     "life-cycle lines that no master wrote: put there through a request, not believed"},
    {"log.emergencies", Unit::kNone, "texts of emerg lines, distinct, in order"},
    {"log.alerts", Unit::kNone,
     "texts of alert lines that are no life-cycle lines, distinct, in order"},
    {"limits.nofile", Unit::kCount, "soft limit of open files"},
};

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  const Digest& digest = in.digest;
  if (digest.nofile) facts.put("limits.nofile", *digest.nofile, digest.nofile_ref);
  const auto log = digest.seen.find(model::Kind::kErrorLog);
  if (log == digest.seen.end()) return;
  int64_t lines = 0;
  std::optional<base::CivilTime> first, last;
  for (const DocumentStats& document : digest.documents) {
    const auto it = document.lines.find(model::Kind::kErrorLog);
    if (it != document.lines.end()) lines += it->second;
    if (document.first && (!first || *document.first < *first)) first = document.first;
    if (document.last && (!last || *document.last > *last)) last = document.last;
  }
  facts.put("log.seen", true, log->second);
  facts.put("log.lines", lines, log->second);
  if (first) facts.put("log.first", base::format_civil(*first), log->second);
  if (last) facts.put("log.last", base::format_civil(*last), log->second);
  std::vector<model::SourceRef> refs;
  for (const LifeEvent& event : digest.forged) refs.push_back(event.ref);
  facts.put("log.forged", digest.forged_count, refs.empty() ? std::vector{log->second} : refs);
  for (const auto& [level, name] : {std::pair{parse::Level::kEmerg, "log.emergencies"},
                                    std::pair{parse::Level::kAlert, "log.alerts"}}) {
    std::vector<std::string> texts;
    std::vector<model::SourceRef> text_refs;
    for (const Trouble& trouble : digest.troubles) {
      if (trouble.level != level ||
          std::find(texts.begin(), texts.end(), trouble.message) != texts.end())
        continue;
      texts.push_back(trouble.message);
      text_refs.push_back(trouble.ref);
    }
    if (!texts.empty()) facts.put(name, texts, text_refs);
  }
}

}  // namespace

const Analyzer kLogQuality = {"log_quality",
                              "Can the error log be believed, and what does it cover?", kSpecs,
                              std::size(kSpecs), run};

}  // namespace ngxdiag::analyze
