// An nginx that is installed and does not run: what there is to look at when it failed to start.
#pragma once

#include <memory>
#include <optional>

#include "libdiag/source/evidence.h"

namespace ngxdiag::source {

// The first nginx (or OpenResty, Angie, Tengine) program that stands at a place where packages and
// `make install` put it, with the systemd unit of its name when there is one. Its own text tells
// where its configuration and log are. Empty when there is none.
// Example: /usr/sbin/nginx with /lib/systemd/system/nginx.service.
std::optional<Instance> stopped_instance(const std::shared_ptr<const Files>& files);

}  // namespace ngxdiag::source
