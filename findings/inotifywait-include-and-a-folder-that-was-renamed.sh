#!/bin/sh
# inotifywait -r --include PATTERN tells of the files in a folder that was renamed under the path that the folder had before. The rename itself does
# not fit the pattern, and so is not only left out of what is printed: inotifywait does not learn the new path by it. Without --include
# it tells the right one. So a loop that hands on what is printed to rsync or cp finds nothing there, or another folder's file.
# In the same way a folder that gets another name than the one that --exclude leaves out is not watched afterwards.
#
# Seen with inotify-tools 4.25.9.0-1+b1 of Debian sid (which calls itself 4.23.9.0) on Linux 6.18. The guess was that the two options choose
# what is printed.
# Wants apt-get and dpkg-deb, and the network; nothing is installed.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
watcher=
trap '[ -z "$watcher" ] || kill "$watcher" 2>/dev/null || :; rm -rf "$folder"' EXIT
"$here/package-of" sid inotify-tools=4.25.9.0-1+b1 "$folder/tools"

awaited() {
    for turn in $(seq 100); do
        ! grep -q "$1" "$folder/told" || return 0
        sleep 0.1
    done
    echo "of $1 nothing is told" >&2
    exit 1
}
# what is told of two files, one in a folder that was "old" before, one in a folder that was "left-out"
told() {
    rm -rf "$folder/watched"
    mkdir -p "$folder/watched/old" "$folder/watched/left-out"
    : >"$folder/told"
    timeout 60 "$folder/tools/run" inotifywait -m -r -q -e close_write,moved_to --format '%w%f' "$@" "$folder/watched" >"$folder/told" &
    watcher=$!
    for turn in $(seq 100); do
        echo x >"$folder/watched/ready.txt"
        ! grep -q ready "$folder/told" || break
        sleep 0.1
    done
    mv "$folder/watched/old" "$folder/watched/new"
    mv "$folder/watched/left-out" "$folder/watched/taken"
    echo x >"$folder/watched/moved.txt"
    awaited moved.txt
    echo x >"$folder/watched/new/file.txt"
    echo x >"$folder/watched/taken/file.txt"
    echo x >"$folder/watched/last.txt"
    awaited last.txt
    kill "$watcher"
    wait "$watcher" 2>/dev/null || :
    watcher=
    sed "s|$folder/watched/||" "$folder/told" | grep '/file.txt$' | sort | tr '\n' ' '
}

plain=$(told)
include=$(told --include '\.txt$')
exclude=$(told --exclude left-out)
echo "Linux $(uname -r), $("$folder/tools/run" inotifywait --help | head -n 1)"
echo "written: new/file.txt taken/file.txt"
echo "told: $plain"
echo "told with --include '\\.txt\$': $include"
echo "told with --exclude left-out: $exclude"
[ "$plain" = "new/file.txt taken/file.txt " ] && [ "$include" = "left-out/file.txt old/file.txt " ] && [ "$exclude" = "new/file.txt " ] \
    || { echo "changed" >&2; exit 1; }
