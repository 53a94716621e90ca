# Read by ./run and ./test: installs what is missing and builds. POSIX sh.

build=build

say() { printf '%s\n' "== $*" >&2; }

die() {
  printf '%s\n' "error: $1" >&2
  [ -z "${2-}" ] || printf '%s\n' "  $2" >&2
  exit 1
}

# packages_of SECTION: the names under [SECTION] in debian-packages.txt.
packages_of() {
  awk -v section="[$1]" '/^\[/ { inside = ($1 == section); next } inside && NF && !/^#/ { print $1 }' \
    packaging/debian-packages.txt
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

policy=/usr/sbin/policy-rc.d
policy_mark='ngxdiag: installed packages start no service'

# While packages are installed no service may start: a web server that appears on somebody's machine
# is no test tool. What was there before is put back, whatever happens.
forbid_services() {
  if [ -e "$policy" ] && ! grep -q "$policy_mark" "$policy"; then
    as_root mv "$policy" "$policy.before-ngxdiag"
  fi
  trap allow_services EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\n# %s\nexit 101\n' "$policy_mark" | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
}

allow_services() {
  if [ -e "$policy" ] && grep -q "$policy_mark" "$policy"; then as_root rm -f "$policy"; fi
  if [ -e "$policy.before-ngxdiag" ]; then as_root mv "$policy.before-ngxdiag" "$policy"; fi
  trap - EXIT INT TERM HUP
}

# nginx_is_running: a master that is not ours to disturb.
nginx_is_running() {
  for comm in /proc/[0-9]*/comm; do
    [ "$(cat "$comm" 2>/dev/null)" = nginx ] && return 0
  done
  return 1
}

# install_packages SECTION…: only what is missing, and without the network when nothing is.
install_packages() {
  command -v apt-get >/dev/null 2>&1 ||
    die "this system has no apt" \
      "install the packages of packaging/debian-packages.txt by hand, then: meson setup build && ninja -C build"
  missing=
  for section in "$@"; do
    for package in $(packages_of "$section"); do
      is_installed "$package" || missing="$missing $package"
    done
  done
  case $missing in
    *libnginx-mod-*)
      if nginx_is_running; then
        say "nginx runs on this host: its module packages are not installed, tests that need them are skipped"
        # shellcheck disable=SC2086
        missing=$(printf '%s\n' $missing | grep -v '^libnginx-mod-' | tr '\n' ' ')
      fi ;;
  esac
  [ -n "$(printf %s "$missing" | tr -d ' ')" ] || return 0

  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null 2>&1 ||
    die "these packages are missing and need root:$missing" "run this as root, or install sudo"
  say "installing$missing"
  # Services that come with what tests need, and that nobody here has asked to run.
  fresh=
  for service in nginx prometheus prometheus-alertmanager certbot; do
    is_installed $service || fresh="$fresh $service"
  done
  forbid_services
  as_root apt-get -q update >&2 ||
    die "apt-get update failed" "see its message above; the sources are in /etc/apt"
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install $missing >&2 ||
    die "apt-get could not install:$missing" "see its message above; Debian 12 has all of them"
  for service in $fresh; do
    if is_installed "$service" && command -v systemctl >/dev/null 2>&1; then
      unit=$service
      [ "$service" != certbot ] || unit=certbot.timer
      as_root systemctl -q disable "$unit" >/dev/null 2>&1 || true
    fi
  done
  allow_services
}

# configure OPTION…: sets the build folder up, or changes the options of the one there is.
configure() {
  if [ -f $build/build.ninja ]; then
    meson configure $build "$@" >&2 || die "meson configure failed" "remove the folder $build and try again"
  else
    meson setup $build --buildtype debugoptimized "$@" >&2 ||
      die "meson setup failed" "see its message above and $build/meson-logs/meson-log.txt"
  fi
}
