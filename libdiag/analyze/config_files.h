// A configuration that somebody points at: a main file with what it includes, or a directory that
// holds one, wherever it lies.
//   ./nginx            with nginx.conf in it, and `include /etc/nginx/mime.types;` in that
//   /mnt/captured      with etc/nginx/nginx.conf below it
#pragma once

#include <optional>
#include <string>

#include "libdiag/analyze/digest.h"

namespace ngxdiag::analyze {

// Names are read as nginx would; one below the configuration's directory on its own host
// (/etc/nginx, /usr/local/nginx/conf, /usr/local/etc/nginx) that is not there is looked for in the
// directory given. Empty when the path is no such thing: a directory without nginx.conf, an
// archive, a text that is something else.
std::optional<ConfigPiece> config_at(const std::string& path);

// A reader of this host that looks below `directory` as well, as config_at() does.
parse::ConfigReader config_reader(const std::string& directory);

// Fragments as one configuration: what stands in several files may conflict.
ConfigPiece join_fragments(std::vector<ConfigPiece> pieces);

}  // namespace ngxdiag::analyze
