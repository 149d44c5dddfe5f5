#!/bin/sh
# Installs what SecFormer needs on Debian 12; does nothing when all is there.
# SPDX-License-Identifier: Apache-2.0
#
#   cmake/install-dependencies.sh build   to build and use the compiler
#   cmake/install-dependencies.sh test    also what tests/run.sh and .ci/run need
set -eu

build_packages="g++ cmake ninja-build ccache git pkg-config
  libmlir-22-dev mlir-22-tools llvm-22-dev llvm-22-tools
  protobuf-compiler libprotobuf-dev libgtest-dev libgmock-dev
  libeigen3-dev libcli11-dev nlohmann-json3-dev libtomlplusplus-dev
  libzip-dev zlib1g-dev libasio-dev libssl-dev python3"
test_packages="clang-22 clang-tidy-22 clang-format-22 lld-22 libclang-rt-22-dev
  libbenchmark-dev libopenblas-dev valgrind"

fail() {
  echo "install-dependencies: error: $1" >&2
  exit 1
}

case "${1-}" in
build) packages=$build_packages ;;
test) packages="$build_packages $test_packages" ;;
*) fail "expected a profile, 'build' or 'test'" ;;
esac

command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
  fail "this is not Debian 12; install the counterparts of these packages
and build with 'cmake --preset default': $(echo $packages)"

missing=
for package in $packages; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || state=absent
  [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

system=$(. /etc/os-release && echo "${ID-unknown} ${VERSION_ID-}")
[ "$system" = "debian 12" ] ||
  fail "this is '$system', expected 'debian 12'; missing here:$missing"

if [ "$(id -u)" = 0 ]; then
  as_root=
elif command -v sudo >/dev/null; then
  as_root=sudo
else
  fail "not root and no sudo; as root, type: apt-get install$missing"
fi

echo "installing:$missing" >&2
apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300"
$apt update || echo "install-dependencies: package lists not refreshed" >&2
$apt install -y --no-install-recommends $missing ||
  fail "apt-get could not install$missing
(LLVM 22 comes from bookworm-security: check the network and /etc/apt/sources.list.d)"
