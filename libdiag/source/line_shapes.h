// Lines known by their shape alone. All take a line without its frame and without blanks at its
// ends, never an empty one; an example stands at each definition.
#pragma once

#include <string_view>

namespace ngxdiag::source {

bool is_dated_error_line(
    std::string_view line);                 // the usual error-log line, blanks in front refused
bool is_error_line(std::string_view line);  // also cut or without its time
bool is_access_line(std::string_view line);
bool is_kernel_line(std::string_view line);
bool is_acme_sh_line(std::string_view line);
bool is_certbot_line(std::string_view line);
bool is_dehydrated_line(std::string_view line);
bool is_dpkg_log_line(std::string_view line);
bool is_listing_line(std::string_view line);
bool is_maps_line(std::string_view line);
bool is_limits_line(std::string_view line);
bool is_ps_header(std::string_view line);
bool is_socket_line(std::string_view line);
bool is_controller_line(std::string_view line);
bool is_module_line(std::string_view line);
// `frame`: the line holds ") at " (line_marks.h).
bool is_backtrace_line(std::string_view line, bool frame);
// `strict`: the text around is of another kind, so only names that look like nginx's own count.
bool is_config_line(std::string_view line, bool strict);

}  // namespace ngxdiag::source
