#!/usr/bin/env bash
# The gate: formatting, file size, one-way includes, headers that compile alone, clang-tidy on what changed.
# usage: tests/gate.sh [--all | BASE]   clang-tidy sees all files, or what changed since BASE and what is not committed
# in host/, sdk/ and plugins/: a test's source takes the linter twice as long, for the test library's header.
# Without BASE: since this branch left the one that it follows; if it follows none, or is no further, all that was
# committed within a day of the last commit, for then nothing says where the push began.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=${GANTRY_BUILD:-build}
# shellcheck source=host/packages.sh
. host/packages.sh
install_missing "${gate_packages[@]}" || exit 1
failed=0
complain() { printf 'gate: %s\n' "$*"; failed=1; }

mapfile -t sources < <(git ls-files -co --exclude-standard '*.cpp' '*.hpp' '*.h' '*.c')
clang-format-19 --dry-run -Werror "${sources[@]}" || complain "formatting: run clang-format-19 -i on the files above"

for file in "${sources[@]}"; do
  lines=$(wc -l <"$file")
  [ "$lines" -le 400 ] || head -n 1 "$file" | grep -q '^// A table of cases' || complain "$file has $lines lines; a file holds one noun, at most 400 lines (a table of test cases says so in its first line)"
done

grep -rnE 'TEST_CASE\("(-|[^"]*;)' tests && complain "a test's name begins with a dash or holds a semicolon: CTest and Catch2 misread both"

# A room may include itself and the rooms before it; worker: signature and wire only; sdk: itself only.
rooms=(signature config plan schedule wire pool results report)
for i in "${!rooms[@]}"; do
  later=$(IFS='|'; echo "${rooms[*]:i+1}|worker|cli")
  grep -rnE "#include \"($(echo "$later" | sed 's/^|//'))/" "host/${rooms[i]}" && complain "${rooms[i]} includes a later room"
done
grep -rnE '#include "(config|plan|schedule|pool|results|report|cli)/' host/worker && complain "worker includes more than signature and wire"
grep -rnE '#include "(signature|config|plan|schedule|wire|pool|results|report|worker|cli)/' sdk plugins && complain "sdk or a plugin includes the host"
grep -rlE '#include [<"]yaml-cpp' host | grep -v '^host/config/' && complain "yaml-cpp outside host/config"
grep -rnE '\.(wait_for|wait_until|exit_code|terminate)\(|bp::group|limit_handles' host/pool/*.cpp | grep -v '_cv\|condition' |
  grep -E 'child|group|limit' && complain "a part of Boost.Process v1 that is broken in 1.81"

# Every header compiles alone, abi.h as C and as C++: compiler, language, standard, header.
alone() {
  printf '#include "%s"\n' "$4" | "$1" -x "$2" "-std=$3" -Wall -Wextra -Wpedantic -Werror -Isdk/include -Ihost -fsyntax-only - ||
    { echo "gate: $4 does not compile alone ($3)"; return 1; }
}
export -f alone
{
  for standard in c11 c17; do echo gcc c $standard gantry/abi.h; done
  for standard in c++11 c++17; do echo g++ c++ $standard gantry/abi.h; done
  git ls-files -co --exclude-standard 'sdk/include/*.h*' 'host/*.hpp' | sed -E 's,^(sdk/include|host)/,g++ c++ c++23 ,'
} | xargs -P "$(nproc)" -L 1 bash -c 'alone "$@"' alone || failed=1

# base_of: the commit since which files are linted; none: all files.
base_of() {
  local base newest
  base=$(git merge-base HEAD '@{upstream}' 2>/dev/null) || base=
  if [ -n "$base" ] && [ "$base" != "$(git rev-parse HEAD)" ]; then
    echo "$base"
  else
    newest=$(git show -s --format=%ct HEAD)
    git rev-list -n 1 --before=$((newest - 86400)) HEAD
  fi
}

# compiled FILE: whether the build has a command for it, as clang-tidy needs it.
compiled() { grep -qF "\"file\": \"$PWD/$1\"" "$build/compile_commands.json"; }

# includer HEADER: a compiled source that includes it, if need be by way of other headers. By names alone, so that it
# may be one too many, but none is forgotten.
includer() {
  local queue=("$1") seen=" $1 " name file
  while [ ${#queue[@]} -gt 0 ]; do
    name=${queue[0]##*/}
    queue=("${queue[@]:1}")
    while read -r file; do
      [[ $seen != *" $file "* ]] || continue
      seen+="$file "
      case $file in
        *.hpp | *.h) queue+=("$file") ;;
        *) compiled "$file" && echo "$file" && return ;;
      esac
    done < <(grep -lE "#include [\"<]([^\">]*/)?${name//./\\.}[\">]" "${sources[@]}")
  done
}

[ -f "$build/compile_commands.json" ] || { complain "$build is no build; run tests/run.sh first"; exit 1; }
case ${1:-} in
  --all) base= ;;
  '') base=$(base_of) ;;
  *) base=$(git rev-parse -q --verify "$1^{commit}") ||
    { complain "$1 is no commit; usage: tests/gate.sh [--all | BASE]"; exit 2; } ;;
esac
if [ -z "$base" ]; then
  changed=("${sources[@]}")
else
  mapfile -t changed < <({ git diff --name-only --diff-filter=d "$base"; git ls-files -o --exclude-standard; } |
    grep -E '^(host|sdk|plugins)/.*\.(cpp|c|hpp|h)$' | sort -u)
fi
mapfile -t tidy < <(for file in "${changed[@]}"; do
  case $file in
    *.cpp) ! compiled "$file" || echo "$file" ;;
    *.hpp | *.h) includer "$file" ;;
  esac
done | sort -u)
if [ ${#tidy[@]} -gt 0 ]; then
  # clang does not know every flag of g++, nor its precompiled headers.
  commands=$(mktemp -d) && trap 'rm -rf "$commands"' EXIT
  sed -E 's/ -(fno-gnu-unique|Wno-restrict|Wno-stringop-overflow|Winvalid-pch|fpch-preprocess|include [^ ]*cmake_pch\.hxx)//g' "$build/compile_commands.json" >"$commands/compile_commands.json"
  printf '%s\0' "${tidy[@]}" | xargs -0 -P "$(nproc)" -n 1 clang-tidy-19 -p "$commands" --quiet || complain "clang-tidy (above)"
fi

[ $failed -eq 0 ] && echo "gate: ${#sources[@]} files, ${#tidy[@]} through clang-tidy (changed since ${base:-the beginning}): clean"
exit $failed
