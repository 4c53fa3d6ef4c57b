#!/usr/bin/env bash
# The README's two commands on a Debian 12 that has nothing but what they install: a bare root is made by debootstrap,
# the commit is cloned into it, and the commands run there by chroot.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<HELP
usage: tests/bare_root.sh [COMMIT [COMMAND…]]

Makes a bare Debian 12 (debootstrap, minbase, with this machine's apt sources and settings), clones COMMIT (HEAD by
default) into it and runs there, as root without sudo, each with its time:

  host/quickstart.sh           as a user without rights: must name the packages; then from nothing, then once more
  COMMAND…                     tests/run.sh by default

The compiler cache of this machine (CCACHE_DIR) is used in it, once ccache is installed there. The root is removed in
the end. TMPDIR says where it is made; about 3 GB. GANTRY_* variables are passed on.

Exit codes: 0 all passed · 1 a command failed · 75 no bare root can be made here, and a line says why
HELP
  exit 0
fi

# shellcheck source=host/packages.sh
. host/packages.sh
impossible() { say "bare root: none can be made here: $*"; exit 75; }

commit=$(git rev-parse --verify "${1:-HEAD}^{commit}") || { say "error: ${1:-HEAD} is no commit"; exit 1; }
[ $# -gt 1 ] && command=("${@:2}") || command=(tests/run.sh)

[ "$(id -u)" -eq 0 ] || impossible "only root can; this is $(id -un)"
namespaces=(unshare --mount --propagation private --pid --fork --kill-child)
"${namespaces[@]}" mount -t tmpfs tmpfs /mnt 2>/dev/null || impossible "this machine allows no mounts"
install_missing debootstrap || impossible "debootstrap cannot be installed"
# The machine's own source of Debian 12, whichever way its sources are written.
# shellcheck disable=SC2016 # apt's own variables
mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
  sed -n 's/^bookworm //p' | head -n 1) || true
[ -n "$mirror" ] || impossible "the apt sources of this machine have no Debian 12 (bookworm)"

# What an earlier run left when it was killed: its lock is free. All mounts are made in a mount namespace of their own
# and end with its last process, so that outside of it these folders hold files alone; that is looked at all the same.
remove() {
  ! grep -qF " $1/" /proc/self/mountinfo || { say "bare root: $1 is left: something is mounted below it"; return 0; }
  rm -rf --one-file-system "$1"
}
place=${TMPDIR:-/tmp}
for left in "$place"/gantry-bare-root.*/; do
  left=${left%/}
  [ ! -f "$left/lock" ] || ! flock -n "$left/lock" true || remove "$left"
done
folder=$(mktemp -d "$place/gantry-bare-root.XXXXXX")
exec 7>"$folder/lock" # whoever works in the root inherits the descriptor, and with it the lock
flock 7
inside=
leave() {
  [ -z "$inside" ] || kill -KILL "$inside" 2>/dev/null || true # it takes all that runs in the root along
  exec 7>&-
  flock -w 60 "$folder/lock" true || { say "bare root: $folder is left: something still runs in it"; return 0; }
  remove "$folder"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
root=$folder/root

mkdir "$root"
quietly "Making a bare Debian 12 in $root" debootstrap --variant=minbase bookworm "$root" "$mirror" ||
  impossible "debootstrap failed"
for setting in apt/sources.list apt/sources.list.d apt/apt.conf apt/apt.conf.d apt/preferences apt/preferences.d \
  apt/auth.conf.d apt/keyrings apt/trusted.gpg.d resolv.conf hosts; do
  rm -rf "${root:?}/etc/$setting"
  [ ! -e "/etc/$setting" ] || cp -rL "/etc/$setting" "$root/etc/$setting"
done
cp -rLn /usr/share/keyrings/. "$root/usr/share/keyrings/"
echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io" # a root that lives for minutes needs no fsync
git clone -q . "$root/gantry"
git -C "$root/gantry" checkout -q --detach "$commit"

# From here on in namespaces of their own: at the end of the first process, mounts and processes are gone.
export root commit
export cache=${CCACHE_DIR:-$HOME/.cache/ccache}
mkdir -p "$cache"
status=0
# A signal ends `wait`, but no command in the foreground; in the background ^C would be ignored by all that runs there.
env --default-signal=INT,QUIT "${namespaces[@]}" tests/bare_root/inside.sh "${command[@]}" &
inside=$!
wait "$inside" || status=$?
inside=
[ "$status" -eq 0 ] || { say "bare root: failed (exit code $status) at ${commit:0:12}"; exit 1; }
say "bare root: passed at ${commit:0:12}"
