# Sourced by every script that builds: the Debian packages that gantry needs, how missing ones are installed, and how a
# long command tells of itself.
# shellcheck shell=bash disable=SC2034

build_packages=(cmake ninja-build g++ pkg-config libboost1.81-dev libcereal-dev libyaml-cpp-dev libfmt-dev
  nlohmann-json3-dev libxxhash-dev libssl-dev libcurl4-openssl-dev libsqlite3-dev)
test_packages=(ccache catch2 binutils git python3)
bench_packages=(libtbb-dev python3 python3-joblib parallel valgrind openssl)
gate_packages=(git clang-format-19 clang-tidy-19)

# say TEXT…: a line for the person who waits; stdout belongs to what is run in the end.
say() { printf '%s\n' "$*" >&2; }

# tell_progress WHAT: every ten seconds, WHAT, for how long, and the last line of the log on descriptor 8. It ends with
# its standard input, so that it cannot outlive the script that it speaks for.
tell_progress() {
  local began=$SECONDS last
  while read -r -t 10 || [ $? -gt 128 ]; do
    last=$(tail -n 1 /dev/fd/8 | tr -cd '[:print:]')
    say "$1: $((SECONDS - began)) s: ${last:0:100}"
  done
}

# quietly WHAT COMMAND…: says WHAT at once and every ten seconds; what the command prints is shown only when it fails
# (without ninja's lines of what went well), and then a sentence ends it. The exit code is the command's.
quietly() {
  local what=$1 status=0 log
  shift
  say "$what"
  log=$(mktemp) || { say "error: no temporary file can be made: is ${TMPDIR:-/tmp} there, writable and not full?"; return 1; }
  exec 8>"$log"
  rm -f "$log" # the open descriptor is all that is needed, and leaves nothing behind
  exec 9> >(tell_progress "$what")
  "$@" >&8 2>&1 8>&- 9>&- || status=$?
  exec 9>&-
  if [ "$status" -ne 0 ]; then
    grep -vE '^\[[0-9]+/[0-9]+\] ' /dev/fd/8 >&2 || true # no other lines: nothing to show
    say "error: $what: failed with exit code $status; what it printed is above"
  fi
  exec 8>&-
  return "$status"
}

# build_target BUILD [TARGET…]: builds in that folder; on a terminal ninja has a line of its own for its progress.
build_target() {
  local build=$1
  shift
  local make=(cmake --build "$build" ${1:+--target "$@"})
  if [ -t 2 ]; then
    say "Building in $build"
    "${make[@]}" >&2 || { say "error: building in $build failed; the compiler's messages are above"; return 1; }
  else
    quietly "Building in $build" "${make[@]}"
  fi
}

# missing_packages PACKAGE…: prints those that are not installed, a line each, by asking dpkg alone.
missing_packages() {
  local installed package
  # dpkg-query fails when one of the packages is unknown to it, and answers for the others.
  installed=" $({ dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true; } |
    sed -n 's/^installed //p' | tr '\n' ' ') "
  for package in "$@"; do
    [[ $installed == *" $package "* ]] || printf '%s\n' "$package"
  done
}

# install_missing PACKAGE…: installs what dpkg does not have; without anything missing no package manager is called.
install_missing() {
  local missing names apt=() updated=no
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  names=${missing[*]}
  if ! command -v apt-get >/dev/null; then
    say "error: these Debian 12 packages, or what they are called here, are missing, and there is no apt-get: $names"
    return 1
  fi
  # Another package manager may be at work, as on a machine that was just started.
  apt=(env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  if [ "$(id -u)" -eq 0 ]; then
    say "Missing Debian packages are installed as root: $names"
  elif command -v sudo >/dev/null; then
    say "Missing Debian packages are installed with sudo: $names"
    apt=(sudo "${apt[@]}")
  else
    say "error: these Debian packages are missing, and neither root nor sudo is at hand: $names"
    say "help: as root, run: apt-get update && apt-get install $names"
    return 1
  fi
  # A new machine has no lists of packages; one whose lists are old asks for files that are no longer there. A list that
  # cannot be fetched may be of no matter here, so that the installation has the last word.
  if ! apt-cache show "${missing[@]}" >/dev/null 2>&1; then
    updated=yes
    quietly "Fetching the lists of Debian packages" "${apt[@]}" update || true
  fi
  quietly "Installing" "${apt[@]}" install --no-install-recommends "${missing[@]}" && return 0
  if [ "$updated" = no ]; then
    say "Once more, with new lists of packages:"
    quietly "Fetching the lists of Debian packages" "${apt[@]}" update || true
    quietly "Installing" "${apt[@]}" install --no-install-recommends "${missing[@]}" && return 0
  fi
  say "error: these Debian packages could not be installed (messages above): $names"
  say "help: as root, run: apt-get update && apt-get install $names"
  return 1
}
