#!/usr/bin/env bash
# Instructions that gantry executes for a task: the same number on any day, so that a regression shows on any machine.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<HELP
usage: tests/bench/instructions.sh [TOP]

Runs bench-inprocess (schedule, wire and worker in one thread, with a clock of its own) under callgrind, at N and at 2 N
tasks, and prints (I(2 N) - I(N)) / N for row 1 (chunk 1) and row 2 (a range in chunks of 8192), then the TOP functions
(default 12) by their own share. Answers are checked first. Profiles stay in BUILD/bench/*.callgrind.

GANTRY_BUILD names another build folder than build-bench/.
HELP
  exit 0
fi
top=${1:-12}
[[ $top =~ ^[0-9]+$ ]] || { echo "instructions.sh: TOP is a number: $top; see --help" >&2; exit 2; }

# shellcheck source=host/packages.sh
. "$root/host/packages.sh"
install_missing "${build_packages[@]}" "${test_packages[@]}" valgrind
build=${GANTRY_BUILD:-$root/build-bench}
quietly "Configuring $build" cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DGANTRY_TESTS=ON
build_target "$build" gantry-bench
cd "$build/bench"
plugin=$PWD/plugins/libbench.so

# count WORK TASKS: the instructions of a whole run.
count() {
  local file=$1-$2.callgrind log=$1-$2.log
  valgrind --tool=callgrind --callgrind-out-file="$file" --log-file="$log" ./bench-inprocess "$plugin" "$1" "$2" none ||
    { cat "$log" >&2; exit 1; }
  sed -n 's/^summary: \([0-9]*\).*/\1/p; s/^totals: \([0-9]*\).*/\1/p' "$file" | awk 'NR == 1'
}

# measure ROW WORK TASKS
measure() {
  local row=$1 work=$2 tasks=$3 one two
  diff <(./bench-inprocess "$plugin" "$work" "$tasks" digest) <(./bench-plain digest a add 0 "$tasks" 1) ||
    { echo "instructions.sh: a wrong answer (above)" >&2; exit 1; }
  one=$(count "$work" "$tasks")
  two=$(count "$work" $((2 * tasks)))
  printf 'row %s (%s): %s instructions a task\n' "$row" "$work" \
    "$(awk -v one="$one" -v two="$two" -v tasks="$tasks" 'BEGIN { printf "%.1f", (two - one) / tasks }')"
  callgrind_annotate --show-percs=yes "$work-$((2 * tasks)).callgrind" |
    sed -nE 's/^ *([0-9,]+) *\( *([0-9.]+)%\) +(.*)$/\2\t\3/p' | grep -v 'PROGRAM TOTALS' |
    sed -E 's,\t\S*/,\t,; s/ \[[^]]*\]$//' | awk -F '\t' -v top="$top" 'NR <= top { printf "  %5s %%  %.130s\n", $1, $2 }'
}

measure 1 one 20000
measure 2 range 1000000
