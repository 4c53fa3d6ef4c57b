#!/usr/bin/env bash
# Installs what is missing, builds gantry and the bench programs for speed, measures, and prints the table.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<HELP
usage: tests/bench/run.sh [--smoke] [--rows 1,3,5] [--repeats N] [--json FILE] [--no-peers]

Builds a Release build in build-bench/ and measures gantry and its peers in turn, with every answer checked;
prints a table. Exit code 1: something failed to run, or a wrong answer. All rows take about ten minutes.

  --smoke        tiny sizes, once, our own peers alone: does all still run, and is it right? (a few seconds)
  --rows 1,3,5   these rows alone
  --repeats N    turns of each contestant (default 5); a peer that took more than 15 s in all gets no further turn
  --json FILE    write every single measurement and the machine's description there
  --no-peers     leave out what is not our own: Python, joblib, GNU Parallel

GANTRY_BUILD names another build folder. What a row measures: tests/bench/README.md.
As root it runs at a higher priority, so that others disturb it less. tests/bench/instructions.sh counts instructions.
HELP
  exit 0
fi

# shellcheck source=host/packages.sh
. "$root/host/packages.sh"
install_missing "${build_packages[@]}" "${test_packages[@]}"
# Peers that cannot be installed are left out of the table.
for package in "${bench_packages[@]}"; do
  install_missing "$package" || echo "bench: going on without $package" >&2
done

build=${GANTRY_BUILD:-$root/build-bench}
quietly "Configuring $build" cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DGANTRY_TESTS=ON
build_target "$build" gantry-bench
first=()
if [ "$(id -u)" -eq 0 ] && nice -n -15 true 2>/dev/null; then
  first=(nice -n -15)
  # Where the kernel shares the processor among sessions first, nice counts within one alone.
  if usual=$(sed 's/.* nice //' /proc/self/autogroup 2>/dev/null) && (echo -15 >/proc/self/autogroup) 2>/dev/null; then
    trap 'echo "$usual" >/proc/self/autogroup' EXIT
  fi
fi
"${first[@]}" python3 -B "$here/bench.py" --build "$build" "$@"
