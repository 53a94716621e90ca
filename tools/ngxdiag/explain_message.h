// What the catalogue of messages says of a line, a message or a message id, for explain.
#pragma once

#include <string>
#include <string_view>

#include "libdiag/json/node.h"
#include "libdiag/render/page.h"

namespace ngxdiag::tools {

// Prints which message of nginx `text` is (a whole line, or the message alone), where it is
// printed, what it means, its usual causes and next steps. False when it is none that is known.
bool explain_message(render::Page& page, std::string_view text);

// The same for the id of a message ("process.exited-on-signal").
bool explain_message_id(render::Page& page, std::string_view id);

// Both as a JSON object of schema ngxdiag.explain/1; null when nothing is known.
json::Node message_json(std::string_view text_or_id);

}  // namespace ngxdiag::tools
