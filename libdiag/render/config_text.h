// What the checks of a configuration found, for people: the worst first, each check once with its
// places, what it means and what to write.
//   CRITICAL  Requests climb out of the directory of an alias   alias-traversal
//     /etc/nginx/conf.d/a.conf:12:5  alias /srv/files/;
#pragma once

#include <string>

#include "libdiag/model/config_report.h"
#include "libdiag/render/terminal.h"

namespace ngxdiag::render {

// `quiet` of the options is not looked at; `verbose` shows every place and what was put aside.
std::string render_config_text(const model::ConfigReport& report, const TerminalOptions& options);
// The verdict line alone.
std::string render_config_verdict(const model::ConfigReport& report,
                                  const TerminalOptions& options);

}  // namespace ngxdiag::render
