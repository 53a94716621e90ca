// The commands of the rules speak of a distribution's nginx: `nginx -t`, `systemctl restart nginx`,
// /etc/nginx. On the live host they are turned to the nginx that was looked at, e.g. for a master
// started as `/usr/sbin/nginx -p /srv/www -c /srv/www/nginx.conf` without a unit:
//   nginx -t                  → /usr/sbin/nginx -p /srv/www -c /srv/www/nginx.conf -t
//   systemctl restart nginx   → { kill -QUIT 812; for i in 1 2 3 4 5; do …; done; pkill -KILL -P
//   812;
//                               kill -KILL 812 2>/dev/null; /usr/sbin/nginx -p …; }
//   grep -rn x /etc/nginx     → grep -rn x /srv/www
// In a container that is seen from outside nothing of the host's systemd holds:
//   nginx -t && systemctl reload nginx → docker exec 3f2a nginx -t && docker exec 3f2a nginx -s
//   reload
// and what supervisord started, supervisord has to start again:
//   systemctl restart nginx   → supervisorctl restart nginx
// Testing another nginx's configuration before a restart would be worse than testing none.
#pragma once

#include <string>
#include <string_view>

#include "libdiag/engine/evaluate.h"
#include "libdiag/model/fact.h"
#include "libdiag/source/evidence.h"

namespace ngxdiag::pipeline {

// What differs from a distribution's nginx; an empty member stands for no difference.
struct HostCommands {
  std::string program;      // "/usr/sbin/nginx -p /srv/www", quoted for the shell
  std::string unit;         // "openresty", when the master belongs to that unit
  std::string directory;    // of the main configuration file, when it is not /etc/nginx
  int64_t pid = 0;          // of a master that is no unit's own
  std::string container;    // short id, when the master lives in one and we do not
  bool supervised = false;  // its parent is supervisord

  std::string turn(std::string_view command) const;
};

HostCommands host_commands(const source::Instance& instance, const model::FactSet& facts);

// Turns every fix and check of the diagnosis.
void turn_commands(const HostCommands& host, engine::Diagnosis& diagnosis);

}  // namespace ngxdiag::pipeline
