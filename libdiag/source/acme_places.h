// Where the ACME clients of a host keep their settings, hooks, schedules and logs. Keys, accounts
// and credentials (acme.sh's account.conf) are never touched.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libdiag/source/evidence.h"

namespace ngxdiag::source {

// What lies below a --config-dir of certbot ("/etc/letsencrypt"): renewal/*.conf, cli.ini, the
// hooks, and a listing of the hooks' directories as `ls -l` would print it. A directory that is not
// there is listed as empty: both are the same to certbot. Nothing without a renewal/ directory.
std::vector<Document> certbot_documents(const std::shared_ptr<const Files>& files,
                                        const std::string& config_dir);

// The clients at their usual places, what starts them (timers, crontabs), and their logs.
std::vector<Document> acme_documents(const std::shared_ptr<const Files>& files);

}  // namespace ngxdiag::source
