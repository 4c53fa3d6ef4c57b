#!/usr/bin/env bash
# Installs what is missing, builds gantry, and runs it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${GANTRY_BUILD:-$root/build}

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<HELP
usage: host/quickstart.sh [gantry arguments]

Installs the Debian packages that are missing (as root, or through sudo), builds gantry into build/ and runs
it with the arguments; without any: gantry run configs/primes.yaml. What is there already is not done again.

  host/quickstart.sh                                  the main job
  host/quickstart.sh run configs/pi.yaml -j 4         another one
  host/quickstart.sh inspect                          what the plugins offer

GANTRY_BUILD names another build folder.
HELP
  exit 0
fi

# shellcheck source=host/packages.sh
. "$root/host/packages.sh"
install_missing "${build_packages[@]}"
if [ ! -f "$build/build.ninja" ]; then
  quietly "Configuring $build" cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DGANTRY_TESTS=OFF
fi
build_target "$build" gantry gantry-worker gantry-plugins

if [ $# -eq 0 ]; then
  set -- run "$root/configs/primes.yaml"
fi
exec "$build/bin/gantry" "$@"
