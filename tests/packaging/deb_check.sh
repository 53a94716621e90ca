#!/bin/sh
# The Debian package in a bare Debian 12, as root: it installs, its timer starts a service that writes report and
# metrics, and purging it leaves nothing. For a throw-away chroot, container or virtual machine: it installs
# packages. Where systemd runs it is asked to start the service; elsewhere the service's command is run.
# usage: deb_check.sh NGXDIAG.deb
set -eu
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
deb=$(readlink -f "$1")
passed=0

fail() { printf 'FAILED: %s\n' "$*"; exit 1; }
pass() { passed=$((passed + 1)); printf 'ok: %s\n' "$*"; }

# Everything but what apt, dpkg and running programs note for themselves.
listing() {
  find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /root \
    -o -path /var/cache -o -path /var/log -o -path /var/lib/apt -o -path /var/lib/dpkg \) -prune -o -print | sort
}

apt-get -q -y --no-install-recommends satisfy "$(dpkg-deb -f "$deb" Depends)" >/dev/null 2>&1 || fail "dependencies"
before=$(mktemp) after=$(mktemp)
listing > "$before"

apt-get -q -y --no-install-recommends install "$deb" >/dev/null 2>&1 || fail "apt-get install"
pass "installed with $(dpkg-deb -f "$deb" Depends | tr ',' '\n' | wc -l) dependencies"

for path in /usr/share/man/man1/ngxdiag.1.gz /usr/share/man/man1/ngxdiag-report.1.gz /usr/share/man/man5/ngxdiag.conf.5.gz \
  /usr/share/bash-completion/completions/ngxdiag /usr/share/zsh/vendor-completions/_ngxdiag \
  /usr/share/fish/vendor_completions.d/ngxdiag.fish /usr/share/ngxdiag/prometheus/ngxdiag.rules.yml \
  /etc/ngxdiag/ngxdiag.conf /etc/ngxdiag/rules.d; do
  # A minimal Debian may be told to leave out manuals and documents.
  case $path in
    /usr/share/man/*) grep -rqs 'path-exclude.*man' /etc/dpkg/dpkg.cfg.d && continue ;;
  esac
  [ -e "$path" ] || fail "$path is missing"
done
pass "what the documents promise is there"
[ "$(ngxdiag config validate)" = "/etc/ngxdiag/ngxdiag.conf: no mistakes" ] || fail "the settings have mistakes"
pass "the settings that come with it have no mistakes"

units=/lib/systemd/system
[ -L /etc/systemd/system/timers.target.wants/ngxdiag-report.timer ] || fail "the timer is not enabled"
pass "the timer is enabled"
if command -v systemd-analyze >/dev/null 2>&1; then
  systemd-analyze verify --man=no $units/ngxdiag-report.timer $units/ngxdiag-report.service || fail "systemd-analyze verify"
  pass "systemd takes the units without a remark"
fi
if [ -d /run/systemd/system ]; then
  [ "$(systemctl is-active ngxdiag-report.timer)" = active ] || fail "the timer does not run"
  pass "the timer runs"
  systemctl start ngxdiag-report.service || fail "$(journalctl -u ngxdiag-report | tail)"
else
  command=$(sed -n 's/^ExecStart=//p' $units/ngxdiag-report.service)
  mkdir -p "/var/lib/$(sed -n 's/^StateDirectory=//p' $units/ngxdiag-report.service)"
  status=0
  $command || status=$?
  [ "$status" -le 3 ] || fail "the service's command ended with $status"
fi
for file in /var/lib/ngxdiag/report.html /var/lib/ngxdiag/report.json /var/lib/ngxdiag/report.md \
  /var/lib/ngxdiag/history.sqlite /var/lib/prometheus/node-exporter/ngxdiag.prom; do
  [ -s $file ] || fail "$file was not written"
done
grep -q '^ngxdiag_verdict{' /var/lib/prometheus/node-exporter/ngxdiag.prom || fail "the metrics say no verdict"
pass "the service writes report, history and metrics"

# A setting is heeded, and a changed file outlives a removal.
printf '[scan]\nformat = nagios\n' >> /etc/ngxdiag/ngxdiag.conf
ngxdiag scan | grep -q '^NGINX ' || fail "the setting is not heeded"
apt-get -q -y remove ngxdiag >/dev/null 2>&1 || fail "apt-get remove"
[ -e /etc/ngxdiag/ngxdiag.conf ] && [ -e /var/lib/ngxdiag/history.sqlite ] || fail "removal took settings or history away"
[ ! -e /var/lib/prometheus/node-exporter/ngxdiag.prom ] || fail "removal left metrics that nobody renews"
pass "removal keeps settings and history, and takes the metrics away"

apt-get -q -y purge ngxdiag >/dev/null 2>&1 || fail "apt-get purge"
listing > "$after"
diff "$before" "$after" || fail "purging left or took the above"
rm -f "$before" "$after"
pass "purging leaves nothing"
printf '%s passed, 0 failed\n' "$passed"
