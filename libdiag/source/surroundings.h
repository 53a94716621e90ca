// What stands around an nginx on a host or in a captured tree: ACME state, units, package history.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libdiag/source/evidence.h"

namespace ngxdiag::source {

// A file of `files` as a document under its own path, opened when it is asked for.
Document file_document(std::shared_ptr<const Files> files, std::string path,
                       std::optional<model::Kind> kind = std::nullopt);

// The files of a systemd unit ("nginx.service") with their drop-ins. Only of the unit that an nginx
// belongs to: another one's PIDFile= says nothing of it.
std::vector<Document> unit_files(const std::shared_ptr<const Files>& files,
                                 const std::string& unit);

// ACME clients' logs and renewal configurations, installed packages and their history, as far as
// they exist; never a key, never an account.
std::vector<Document> surroundings(const std::shared_ptr<const Files>& files);

}  // namespace ngxdiag::source
