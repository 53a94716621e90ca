#include "libdiag/analyze/stacks.h"

#include <algorithm>

#include "libdiag/base/text.h"
#include "libdiag/parse/module_names.h"

namespace ngxdiag::analyze {
namespace {

using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"stack.seen", Unit::kNone, "a backtrace was looked at"},
    {"stack.top", Unit::kNone,
     "the innermost frame of the first backtrace: function (arguments) at file object"},
    {"stack.frames", Unit::kNone, "all frames, in the same form"},
    {"stack.modules", Unit::kNone, "modules on the stacks, innermost first"},
    {"stack.culprit", Unit::kNone,
     "the innermost module that does not come with nginx, or perl: the frames above it are its "
     "messengers"},
    {"stack.depth", Unit::kCount, "highest frame number"},
    {"stack.kernel", Unit::kNone, "kernel functions of a process that waits (/proc/PID/stack)"},
};

std::string text_of(const StackFrame& frame) {
  std::string out = frame.function;
  if (!frame.arguments.empty()) out += " (" + frame.arguments + ")";
  if (!frame.file.empty()) out += " at " + frame.file;
  if (!frame.object.empty()) out += " " + frame.object;
  return base::shorten(out, model::kExcerptBytes);
}

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  std::vector<std::string> frames, modules, kernel;
  std::vector<model::SourceRef> refs, kernel_refs;
  const StackFrame* top = nullptr;
  int64_t depth = 0;
  for (const StackFrame& frame : in.digest.frames) {
    if (frame.kernel) {
      kernel.push_back(frame.function);
      kernel_refs.push_back(frame.ref);
      continue;
    }
    if (!top) top = &frame;
    frames.push_back(text_of(frame));
    refs.push_back(frame.ref);
    depth = std::max<int64_t>(depth, frame.number);
    std::string slug = in.tables.owner("function", frame.function);
    if (slug.empty()) slug = in.tables.owner("path", frame.file);
    if (slug.empty() && !frame.object.empty()) slug = parse::module_slug(frame.object);
    if (!slug.empty() && std::find(modules.begin(), modules.end(), slug) == modules.end())
      modules.push_back(slug);
  }
  if (!kernel.empty()) facts.put("stack.kernel", kernel, kernel_refs);
  if (frames.empty()) return;
  facts.put("stack.seen", true, refs);
  facts.put("stack.frames", frames, refs);
  facts.put("stack.top", text_of(*top), top->ref);
  facts.put("stack.depth", depth, refs);
  facts.put("stack.modules", modules, refs);
  const auto culprit = std::find_if(modules.begin(), modules.end(), [](const std::string& slug) {
    return !parse::is_core_module(slug) || slug == "perl";
  });
  if (culprit != modules.end()) facts.put("stack.culprit", *culprit, refs);
}

}  // namespace

const Analyzer kStacks = {"stacks", "Which functions stand on the stacks that were captured?",
                          kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::analyze
