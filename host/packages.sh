# Sourced by host/quickstart.sh, tests/run.sh, tests/gate.sh and tests/bench: the Debian packages that gantry needs, and how missing ones are installed.
# shellcheck shell=bash

build_packages=(cmake ninja-build g++ pkg-config libboost1.81-dev libcereal-dev libyaml-cpp-dev libfmt-dev libcli11-dev
  nlohmann-json3-dev libxxhash-dev libssl-dev libcurl4-openssl-dev libsqlite3-dev)
test_packages=(ccache catch2 binutils python3)
bench_packages=(libtbb-dev python3 python3-joblib parallel valgrind openssl)
gate_packages=(git clang-format-19 clang-tidy-19)

# install_missing PACKAGE…: asks dpkg alone; only when something is missing is the package manager called.
install_missing() {
  local missing=() package installed
  installed=" $(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' | tr '\n' ' ') "
  for package in "$@"; do
    [[ $installed == *" $package "* ]] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local as_root=()
  if [ "$(id -u)" -eq 0 ]; then
    echo "Installing as root: ${missing[*]}" >&2
  elif command -v sudo >/dev/null; then
    as_root=(sudo)
    echo "Installing with sudo: ${missing[*]}" >&2
  else
    echo "error: these Debian packages are missing, and neither root nor sudo is at hand: ${missing[*]}" >&2
    echo "help: as root, run: apt-get install ${missing[*]}" >&2
    return 1
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 2>/dev/null ||
    { "${as_root[@]}" apt-get update -qq >&2 &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2; } ||
    { echo "error: could not install ${missing[*]} (messages above)" >&2; return 1; }
}
