#include "libdiag/source/surroundings.h"

#include <utility>

#include "libdiag/source/acme_places.h"
#include "libdiag/source/packages.h"
#include "libdiag/source/unframe.h"

namespace ngxdiag::source {
namespace {

using model::Kind;

constexpr size_t kHistory = 16u << 20;

}  // namespace

Document file_document(std::shared_ptr<const Files> files, std::string path,
                       std::optional<Kind> kind) {
  Document out{path, kind, nullptr};
  out.open = [files = std::move(files),
              path = std::move(path)](model::Gap& gap) -> std::unique_ptr<ByteStream> {
    auto stream = files->open(path, gap);
    return stream ? unframed(std::move(stream)) : nullptr;
  };
  return out;
}

std::vector<Document> unit_files(const std::shared_ptr<const Files>& files,
                                 const std::string& unit) {
  std::vector<Document> out;
  if (unit.empty() || unit.find('/') != std::string::npos) return out;
  for (const std::string& pattern :
       {"/etc/systemd/system/" + unit, "/etc/systemd/system/" + unit + ".d/*.conf",
        "/lib/systemd/system/" + unit})
    for (const std::string& path : files->glob(pattern))
      out.push_back(file_document(files, path, Kind::kSystemd));
  return out;
}

std::vector<Document> surroundings(const std::shared_ptr<const Files>& files) {
  std::vector<Document> out = acme_documents(files);
  if (std::string packages = installed_packages(*files); !packages.empty())
    out.push_back(text_document("installed packages", std::move(packages), Kind::kModules));
  if (const Fetched log = files->read("/var/log/dpkg.log", kHistory); log.bytes)
    if (std::string changes = changes_of_dpkg_log(*log.bytes); !changes.empty())
      out.push_back(text_document("/var/log/dpkg.log", std::move(changes), Kind::kModules));
  return out;
}

}  // namespace ngxdiag::source
