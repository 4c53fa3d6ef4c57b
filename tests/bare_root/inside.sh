#!/usr/bin/env bash
# Called by tests/bare_root.sh in mount and process namespaces of its own: mounts what a root needs, and runs the
# commands in it. `root`, `commit` and `cache` are in the environment.
set -euo pipefail
: "${root:?}" "${cache:?}"

# The root is a mount itself, so that programs in it can have mount namespaces of their own, as some tests do.
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s fd/0 "$root/dev/stdin"
ln -s fd/1 "$root/dev/stdout"
ln -s fd/2 "$root/dev/stderr"
mkdir -p "$root/root/.cache/ccache"
mount --bind "$cache" "$root/root/.cache/ccache"

# Nothing of this machine's environment but what is asked for and what the network may need.
keep=(HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM="${TERM:-dumb}")
while IFS= read -r -d '' entry; do
  case ${entry%%=*} in GANTRY_* | http_proxy | https_proxy | no_proxy) keep+=("$entry") ;; esac
done < <(env -0)

inside() { env -i "${keep[@]}" chroot "$root" "$@"; }
# step TEXT COMMAND…: a line with how it ended and the time it took, on the clock and of the processors.
step() {
  local text=$1 status=0 TIMEFORMAT="bare root: $1: %0R s, CPU %0U s + %0S s"
  shift
  time inside "$@" || status=$?
  [ "$status" -eq 0 ] || echo "bare root: $text: exit code $status" >&2
  return "$status"
}

# Somebody who may not install is told what is missing, and nothing else happens.
chmod 755 "$root" # mktemp's folders are their owner's alone
! text=$(inside setpriv --reuid=65534 --regid=65534 --clear-groups /gantry/host/quickstart.sh 2>&1) ||
  { echo "bare root: quickstart.sh went on without rights: $text" >&2; exit 1; }
[[ $text == "error: these Debian packages are missing, and neither root nor sudo is at hand: cmake "* ]] ||
  { echo "bare root: without rights quickstart.sh says something else: $text" >&2; exit 1; }
echo "bare root: host/quickstart.sh without rights: $text" >&2

for time in "from nothing" "once more"; do
  answer=$(step "host/quickstart.sh $time" /gantry/host/quickstart.sh)
  echo "$answer"
  [ "$answer" = "total = 54208" ] || { echo "bare root: host/quickstart.sh gave another result" >&2; exit 1; }
done
step "${*}" /bin/bash -c 'cd /gantry && exec "$@"' bash "$@"
