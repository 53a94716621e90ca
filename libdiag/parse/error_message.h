// A message of the error log taken apart: text, errno, what was being done, for whom. Example:
//   connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.1,
//   server: a.example, request: "GET / HTTP/1.1", upstream: "http://10.0.0.5:80/", host:
//   "a.example"
// The order is nginx's (ngx_log.c, then log->handler: ngx_http_log_error, ngx_stream_log_error,
// ngx_mail_log_error): text, errno, " while ACTION", ", client: …" and the fields after it.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace ngxdiag::parse {

// Views into the message; "" or empty for what it does not have.
struct MessageParts {
  std::string_view text;  // before errno, " in FILE:LINE" and context
  std::optional<int>
      error;  // 24. A resolver's own code stands in the same place: "(3: Host not found)"
  std::string_view phase;  // "connecting to upstream" of " while …"
  std::string_view client, server, request, upstream, host;  // without quotes
  std::string_view file;  // of a configuration message: " in /etc/nginx/nginx.conf:13"
  int line = 0;
  size_t before_fields = 0, before_phase = 0;  // how much of the message stands before them
};

// nginx escapes nothing, so the URI in the text may hold a forged ", client: …". The context is
// taken to begin at the last place whose fields follow in nginx's order and which no open quote
// covers (a forgery in the quoted request lies after an odd quote). Fields cut off at the end of
// the line, Angie's quoted values, stream's and mail's fields are read too.
MessageParts split_message(std::string_view message);

// How much of a message stands before its context (", client: …"), all of it (but blanks at the
// end) when it has none; `sure` when no other reading is possible: no raw quote made the quotes
// odd.
size_t before_context(std::string_view message, bool& sure);
// How much of such a text stands before " while ACTION"; `has_context`: a context followed it.
size_t before_phase(std::string_view text, bool has_context);

// How much of `text` stands before an errno, or before " in FILE:LINE", at its end; all of it when
// there is none.
size_t before_error(std::string_view text);
size_t before_file(std::string_view text);

}  // namespace ngxdiag::parse
