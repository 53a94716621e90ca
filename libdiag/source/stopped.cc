#include "libdiag/source/stopped.h"

#include <string>

#include "libdiag/source/surroundings.h"

namespace ngxdiag::source {
namespace {

struct Place {
  const char* program;
  const char* unit;
};

// Debian and nginx.org packages, OpenResty's and Angie's packages, the defaults of `make install`.
constexpr Place kPlaces[] = {
    {"/usr/sbin/nginx", "nginx.service"},
    {"/usr/local/openresty/nginx/sbin/nginx", "openresty.service"},
    {"/usr/sbin/angie", "angie.service"},
    {"/usr/local/nginx/sbin/nginx", "nginx.service"},
    {"/usr/local/sbin/nginx", "nginx.service"},
    {"/opt/nginx/sbin/nginx", "nginx.service"},
};

}  // namespace

std::optional<Instance> stopped_instance(const std::shared_ptr<const Files>& files) {
  for (const Place& place : kPlaces) {
    if (!files->info(place.program).regular) continue;
    Instance out;
    out.id = place.program;
    out.exe = place.program;
    out.stopped = true;
    out.files = files;
    out.documents.push_back(file_document(files, place.program, model::Kind::kNginxVersion));
    auto unit = unit_files(files, place.unit);
    if (!unit.empty()) out.unit = place.unit;
    for (Document& file : unit) out.documents.push_back(std::move(file));
    return out;
  }
  return std::nullopt;
}

}  // namespace ngxdiag::source
