#include "libdiag/source/slow_mounts.h"

#include <doctest/doctest.h>

using ngxdiag::source::slow_mounts;

TEST_CASE("network, FUSE and automounted places are known") {
  CHECK(slow_mounts("22 27 0:21 / /proc rw,relatime - proc proc rw\n"
                    "36 35 0:49 / /srv/my\\040www rw,relatime shared:7 - nfs4 10.0.0.7:/www rw\n"
                    "37 35 0:50 / /mnt/s rw - fuse.sshfs x rw\n"
                    "38 35 0:51 / /net rw shared:1 master:2 - autofs systemd-1 rw\n"
                    "39 35 8:1 / / rw - ext4 /dev/sda1 rw\nnonsense\n") ==
        std::set<std::string>{"/srv/my www", "/mnt/s", "/net"});
}
