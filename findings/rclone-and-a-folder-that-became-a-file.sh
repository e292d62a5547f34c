#!/bin/sh
# Where a folder of the source has become a file, or a file a folder, rclone sync between two local folders never brings the target in line: each
# run ends with 1 ("can't move object - incompatible remotes", "not a directory"), so does the next one, and as that counts as an I/O
# error, nothing else that is gone is deleted either. With --delete-before one run does it all. rsync -a --delete does, without more.
#
# Seen with rclone 1.75.2-2 of Debian sid. The guess was that what is in the way is deleted first, or at the latest by the next run.
# Wants rsync, apt-get and dpkg-deb, and the network; nothing is installed.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$here/package-of" sid rclone=1.75.2-2 "$folder/rclone"

by_rclone() {
    timeout 60 "$folder/rclone/run" rclone --config "$folder/none" "$@" "$folder/source" "$folder/target" >>"$folder/output" 2>&1
}
by_rsync() {
    timeout 60 rsync -a --delete "$folder/source/" "$folder/target/"
}
# the codes of two runs after the change, and what is at the target then
mirrored() {
    change=$1
    shift
    rm -rf "$folder/source" "$folder/target"
    mkdir -p "$folder/source/folder" "$folder/target"
    touch "$folder/source/folder/below" "$folder/source/file" "$folder/source/gone"
    "$@" || { echo "the first run failed" >&2; exit 1; }
    rm "$folder/source/gone"
    case $change in
        to-file) rm -r "$folder/source/folder"; echo x >"$folder/source/folder" ;;
        to-folder) rm "$folder/source/file"; mkdir "$folder/source/file"; echo x >"$folder/source/file/below" ;;
    esac
    for run in 1 2; do
        "$@" && codes="${codes:-} 0" || codes="${codes:-} $?"
    done
    echo "codes$codes; left: $(cd "$folder/target" && find . -type f | sort | tr '\n' ' ')"
}

"$folder/rclone/run" rclone version | head -n 1
for change in to-file to-folder; do
    stuck="./file ./folder/below ./gone "
    [ $change = to-file ] && right="./file ./folder " || right="./file/below ./folder/below "
    rsync=$(mirrored $change by_rsync)
    sync=$(mirrored $change by_rclone sync)
    before=$(mirrored $change by_rclone sync --delete-before)
    echo "$change: rsync: $rsync; rclone sync: $sync; with --delete-before: $before"
    [ "$rsync" = "codes 0 0; left: $right" ] && [ "$before" = "$rsync" ] && [ "$sync" = "codes 1 1; left: $stuck" ] || { echo "changed" >&2; exit 1; }
done
