#!/bin/sh
# Runs deb_check.sh in a bare Debian 12 that is booted with systemd in a container and thrown away afterwards.
# As root; needs debootstrap and systemd-container.
# usage: deb_boot.sh NGXDIAG.deb
set -eu
deb=$(readlink -f "$1")
here=$(readlink -f "$(dirname "$0")")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
trap 'exit 130' INT TERM HUP

debootstrap --variant=minbase --include=systemd-sysv,dbus bookworm "$root" >"$root.log" 2>&1 || {
  cat "$root.log"
  exit 1
}
rm -f "$root.log"
cp "$deb" "$root/root/ngxdiag.deb"
cp "$here/deb_check.sh" "$root/root/"
cp -L /etc/resolv.conf "$root/etc/"
cat > "$root/etc/systemd/system/check.service" <<'UNIT'
[Unit]
After=basic.target
[Service]
Type=oneshot
Environment=HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin
ExecStart=/bin/sh -c 'apt-get -q update >/dev/null; /root/deb_check.sh /root/ngxdiag.deb > /root/check.log 2>&1'
ExecStopPost=/bin/systemctl --no-block poweroff
UNIT
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -s ../check.service "$root/etc/systemd/system/multi-user.target.wants/check.service"
timeout 600 systemd-nspawn -q -D "$root" --boot --register=no --keep-unit --console=pipe </dev/null >/dev/null 2>&1 || true
cat "$root/root/check.log"
tail -n 1 "$root/root/check.log" | grep -q '^[1-9][0-9]* passed, 0 failed$'
