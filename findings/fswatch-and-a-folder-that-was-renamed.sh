#!/bin/sh
# fswatch -r with its monitor for inotify loses a folder that is renamed: what is written in it afterwards is told under the path that the folder
# had (that is of a file that is gone), or not at all if it lies in the folder itself. Of a folder that is moved in, nothing further
# down is told. Its monitor for fanotify, new in the same release, tells both rightly; the default is the one for inotify.
#
# Seen with fswatch 1.22.0-1 of Debian sid on Linux 6.18. The guess was that the new path is told, as by inotifywait.
# Wants root (fanotify), apt-get and dpkg-deb, and the network; nothing is installed.
set -eu

[ "$(id -u)" -eq 0 ] || { echo "skipped: only root may use fanotify for a whole file system" >&2; exit 0; }
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
watcher=
trap '[ -z "$watcher" ] || kill "$watcher" 2>/dev/null || :; rm -rf "$folder"' EXIT
"$here/package-of" sid fswatch=1.22.0-1 "$folder/fswatch"

# until something is told of this
awaited() {
    for turn in $(seq 50); do
        ! grep -q "$1" "$folder/told" || return 0
        sleep 0.1
    done
}
told() {
    rm -rf "$folder/watched" "$folder/in"
    mkdir -p "$folder/watched/old/sub" "$folder/in/sub"
    : >"$folder/told"
    timeout 60 "$folder/fswatch/run" fswatch -r -l 0.2 $1 "$folder/watched" >"$folder/told" 2>"$folder/errors" &
    watcher=$!
    for turn in $(seq 50); do
        echo "$turn" >"$folder/watched/ready$turn"
        ! grep -q ready "$folder/told" || break
        sleep 0.2
    done
    mv "$folder/watched/old" "$folder/watched/new"
    awaited "watched/new"
    mv "$folder/in" "$folder/watched/in"
    awaited "watched/in"
    sleep 1
    : >"$folder/told"
    echo x >"$folder/watched/new/file"
    echo x >"$folder/watched/new/sub/deep"
    echo x >"$folder/watched/in/sub/moved"
    echo x >"$folder/watched/last"
    awaited "watched/last"
    kill "$watcher"
    wait "$watcher" 2>/dev/null || :
    watcher=
    tr -d '\0' <"$folder/told" | sed "s|$folder/watched/||" | grep -E '/(file|deep|moved)$' | sort -u | tr '\n' ' '
}

default=$(told "")
inotify=$(told "-m inotify_monitor")
fanotify=$(told "-m fanotify_monitor")
echo "Linux $(uname -r), $("$folder/fswatch/run" fswatch --version | head -n 1)"
echo "written: in/sub/moved new/file new/sub/deep"
echo "by default, told:       $default"
echo "inotify_monitor tells:  $inotify"
echo "fanotify_monitor tells: $fanotify"
[ "$default" = "old/sub/deep " ] && [ "$inotify" = "$default" ] && [ "$fanotify" = "in/sub/moved new/file new/sub/deep " ] \
    || { echo "changed" >&2; exit 1; }
