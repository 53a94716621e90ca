#!/bin/sh
# Builds the Debian package: lays the tree out as dpkg-buildpackage wants it, in build-deb/ (or the folder
# given), and leaves the .deb files there. Needs the packages of packaging/debian-packages.txt, [build] and
# [package]. The tests are not run: ./test does that.
# usage: packaging/build-deb.sh [FOLDER]
set -eu
cd "$(dirname "$0")/.."
out=${1:-build-deb}
version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" meson.build)
tree=$out/ngxdiag-$version

mkdir -p "$out"
rm -rf "$tree" "$out"/ngxdiag*_"$version"_*
mkdir "$tree"
cp -R LICENSE README.md bench docs libdiag meson.build meson_options.txt packaging rules tools "$tree"
mv "$tree/packaging/debian" "$tree/debian"

if [ -d /usr/lib/ccache ]; then
  # debhelper gives the build an empty home: the cache has to be named.
  CCACHE_DIR=${CCACHE_DIR:-$(ccache -k cache_dir)}
  PATH=/usr/lib/ccache:$PATH
  export CCACHE_DIR
fi
export PATH LC_ALL=C.UTF-8
cd "$tree"
dpkg-buildpackage -us -uc -b ${NGXDIAG_DEB_JOBS:+-j$NGXDIAG_DEB_JOBS}
cd ..
if command -v lintian >/dev/null 2>&1; then
  lintian --allow-root --fail-on error,warning -i ngxdiag_"$version"_*.changes
fi
ls -l ngxdiag*_"$version"_*.deb
