// A rule's sentence shown without evidence: its places in words.
//   "{deaths.total|some} deaths" -> "some deaths"; "kill {processes.master.pid}" -> "kill
//   <processes.master.pid>"
#pragma once

#include <string>
#include <string_view>

namespace ngxdiag::tools {

std::string template_words(std::string_view sentence);

}  // namespace ngxdiag::tools
