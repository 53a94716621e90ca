#!/bin/sh
# Builds ngxdiag as one file without shared libraries, that runs on any Linux of its architecture when copied
# there: build-static/ngxdiag (or in the folder given). What it loses is said in docs/install.md.
# usage: packaging/build-static.sh [FOLDER [MESON-OPTION...]]
#   packaging/build-static.sh build-static-arm64 --cross-file packaging/arm64.cross
set -eu
cd "$(dirname "$0")/.."
out=${1:-build-static}
[ $# -eq 0 ] || shift

if [ -d /usr/lib/ccache ]; then PATH=/usr/lib/ccache:$PATH; fi
export PATH LC_ALL=C.UTF-8
# libproc2 can ask systemd which unit a process belongs to, through libsystemd, of which there is no static
# library. ngxdiag never asks it that (it reads the cgroup), so these functions need not be there.
absent=
for name in sd_pid_get_machine_name sd_pid_get_owner_uid sd_pid_get_session sd_pid_get_slice sd_pid_get_unit \
  sd_pid_get_user_unit sd_session_get_seat; do
  absent="$absent -Wl,--defsym=$name=0"
done
# For the size: what libdiag does not use of the libraries is left out function by function, and equal functions are
# kept once (gold does that).
[ -f "$out/build.ninja" ] || meson setup "$out" -Dtests=false -Dprefer_static=true -Disal=disabled \
  -Doptimization=s -Ddebug=false -Dcompact_rules=true -Dcpp_args='-ffunction-sections -fdata-sections' \
  -Dcpp_link_args="-static -fuse-ld=gold -Wl,--gc-sections,--icf=safe -s$absent" "$@"
ninja -C "$out" tools/ngxdiag
cp "$out/tools/ngxdiag" "$out/ngxdiag"
ls -l "$out/ngxdiag"
