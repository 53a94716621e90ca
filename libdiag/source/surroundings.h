// What stands around an nginx on a host or in a captured tree: ACME state, units, package history.
#pragma once

#include <memory>
#include <vector>

#include "libdiag/source/evidence.h"

namespace ngxdiag::source {

// A file of `files` as a document under its own path, opened when it is asked for.
Document file_document(std::shared_ptr<const Files> files, std::string path,
                       std::optional<model::Kind> kind = std::nullopt);

// ACME clients' logs and renewal configurations, nginx's unit files with their drop-ins, installed
// packages and their history, as far as they exist; never a key, never an account.
std::vector<Document> surroundings(const std::shared_ptr<const Files>& files);

}  // namespace ngxdiag::source
