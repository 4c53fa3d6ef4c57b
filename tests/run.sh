#!/usr/bin/env bash
# Installs what is missing, builds everything, and runs all tests.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<HELP
usage: tests/run.sh [ctest arguments]

Installs the Debian packages that are missing (as root, or through sudo), builds gantry and its tests into
build/ and runs them; ends with ctest's summary.

  tests/run.sh                                  all tests
  tests/run.sh -R '^plan:'                      the tests of one room, a folder of tests/
  GANTRY_SANITIZE=address tests/run.sh          under ASan and UBSan, in build-address/

GANTRY_BUILD names another build folder, GANTRY_WERROR=ON makes warnings errors. With GANTRY_RERUN=ON, tests that
failed are run a second time, alone; those that pass then are named in the last lines: flaky: NAME.
HELP
  exit 0
fi

# shellcheck source=host/packages.sh
. "$root/host/packages.sh"
install_missing "${build_packages[@]}" "${test_packages[@]}"

sanitize=${GANTRY_SANITIZE:-}
build=${GANTRY_BUILD:-$root/build${sanitize:+-$sanitize}}
type=Release
[ -z "$sanitize" ] || type=RelWithDebInfo
configure=(cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE="$type" -DGANTRY_TESTS=ON
  -DGANTRY_SANITIZE="$sanitize" -DGANTRY_WERROR="${GANTRY_WERROR:-OFF}")
quietly "Configuring $build" "${configure[@]}"
build_target "$build"
exec "$root/tests/ctest.sh" "$build" "$@"
