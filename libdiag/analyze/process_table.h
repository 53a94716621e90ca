// ps rows as processes, with the role that nginx's title tells (ngx_setproctitle.c).
#pragma once

#include <string_view>
#include <vector>

#include "libdiag/model/process.h"
#include "libdiag/parse/ps.h"

namespace ngxdiag::analyze {

// The role by title alone: "nginx: worker process is shutting down", "angie: worker process #3" ….
model::Role role_of_title(std::string_view title);

// The processes of a ps listing, with untitled children told from masters by their parent.
std::vector<model::Process> processes_from_ps(const std::vector<parse::PsRow>& rows,
                                              const model::SourceRef& ref);

// Children of a master that still show its title have not finished their module initialisation.
void mark_untitled(std::vector<model::Process>& processes);

}  // namespace ngxdiag::analyze
