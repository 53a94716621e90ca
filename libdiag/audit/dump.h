// A configuration as JSON of the shape that crossplane's `parse` gives: each file once, in the
// order met, with its own directives; an include names the files it brought by their numbers.
//   {"status": "ok", "errors": [], "config": [{"file": "nginx.conf", "status": "ok", "errors": [],
//    "parsed": [{"directive": "user", "line": 1, "args": ["nginx"]}]}]}
#pragma once

#include <string>

#include "libdiag/json/node.h"
#include "libdiag/parse/nginx_config.h"

namespace ngxdiag::audit {

// `main` as it is to be shown and read; relative includes are under its directory. A file that
// cannot be read is an error of the file that names it.
json::Node dump_config(const parse::ConfigReader& reader, const std::string& main);

}  // namespace ngxdiag::audit
