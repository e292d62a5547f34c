#!/bin/sh
# fsnotifywait of inotify-tools, which watches by fanotify(7), keeps a file system from being unmounted for as long as it runs ("target is
# busy"), whether it watches one folder (-F) or all of it (-S, from its first event on); inotifywait, from the same package, does not. It is not
# fanotify's doing: a mark holds nothing (fanotify-and-a-disk-that-comes-back.sh). A program that finds paths for the handles that events
# come with needs something open in that file system, and this one keeps it open.
#
# Seen with inotify-tools 3.22.6.0-4 of Debian 12 and Linux 6.18.44. The guess was that both let go alike.
# Wants root, and Debian with apt-get, dpkg-deb and the network; nothing is installed. Writes to a folder in /tmp.
set -eu

[ "$(id -u)" = 0 ] || { echo "this takes root" >&2; exit 2; }
folder=$(mktemp -d)
chmod 755 "$folder"
watcher=
trap '[ -z "$watcher" ] || kill "$watcher"; umount -l "$folder/disk" 2>/dev/null || :; rm -r "$folder"' EXIT
(cd "$folder" && apt-get -q download inotify-tools=3.22.6.0-4 libinotifytools0=3.22.6.0-4 >/dev/null && for package in *.deb; do
    dpkg-deb -x "$package" it
done)
libraries=$(dirname "$(find "$folder/it" -name 'libinotifytools.so.0' | head -n 1)")
mkdir "$folder/disk"

# watched COMMAND... : whether the disk can be unmounted while that watches it
watched() {
    mount -t tmpfs tmpfs "$folder/disk"
    LD_LIBRARY_PATH="$libraries" "$folder/it/usr/bin/$@" "$folder/disk" >"$folder/out" 2>&1 &
    watcher=$!
    tries=0
    until grep -q 'Watches established' "$folder/out"; do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ] || { cat "$folder/out" >&2; exit 1; }
        sleep 0.1
    done
    : >"$folder/disk/file"
    sleep 0.5
    umount "$folder/disk" 2>/dev/null && echo unmounted || echo busy
    kill "$watcher"
    wait "$watcher" 2>/dev/null || :
    watcher=
    ! mountpoint -q "$folder/disk" || umount "$folder/disk"
}

inotify=$(watched inotifywait -m)
one=$(watched fsnotifywait -m -F)
all=$(watched fsnotifywait -m -S)
echo "Linux $(uname -r): inotifywait $inotify, fsnotifywait -F $one, fsnotifywait -S $all"
[ "$inotify $one $all" = "unmounted busy busy" ] || { echo "changed" >&2; exit 1; }
