#!/usr/bin/env bash
# Runs the tests of a build folder. A selection that matches no test is an error. With GANTRY_RERUN=ON, as CI runs it,
# what failed is run a second time, alone: a test that passes then is named in the last lines, `flaky: NAME`.
# usage: tests/ctest.sh BUILD [ctest arguments]
set -euo pipefail
cd "$1"
shift
most_reruns=10 # more failures than these are no accident, and a rerun would only cost time
log=Testing/Temporary/LastTestsFailed.log

rm -f "$log" flaky
status=0
ctest --no-tests=error --output-on-failure --parallel "$(nproc)" "$@" || status=$?
[ "$status" -ne 0 ] && [ "${GANTRY_RERUN:-OFF}" = ON ] && [ -s "$log" ] || exit "$status"

mapfile -t failed < <(sed 's/^[0-9]*://' "$log")
if [ ${#failed[@]} -gt $most_reruns ]; then
  echo "${#failed[@]} tests failed: too many to be run a second time"
  exit "$status"
fi
echo "Running what failed (${#failed[@]}) a second time, one at a time:"
status=0
ctest --rerun-failed --output-on-failure || status=$?
again=()
[ "$status" -eq 0 ] || mapfile -t again < <(sed 's/^[0-9]*://' "$log")
for name in "${failed[@]}"; do
  printf '%s\n' "${again[@]}" | grep -qxF -e "$name" || printf 'flaky: %s\n' "$name" >>flaky
done
[ ! -f flaky ] || cat flaky
exit "$status"
