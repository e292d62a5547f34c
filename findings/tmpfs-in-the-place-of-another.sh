#!/bin/sh
# A tmpfs that is mounted where another one was unmounted a moment ago is the same folder by all that stat(2) tells: its device
# number, which is the lowest that is free, and its inode number, which is 1 for the top folder of each tmpfs. So a program that
# remembers a folder by st_dev and st_ino takes an empty file system for the full one. f_fsid of statfs(2) differs: it is made of an
# id that each tmpfs gets at random.
#
# Seen with Linux 6.18.44. The guess was that f_fsid is made of the device number, as that of file systems without an id is.
# Wants root, and unshare, mount and stat; needs no network, changes nothing outside of a mount namespace of its own.
set -eu

[ "$(id -u)" -eq 0 ] || { echo "skipped: only root may mount" >&2; exit 0; }
folder=$(mktemp -d)
trap 'rmdir "$folder"' EXIT

facts=$(unshare --mount sh -euc '
    for content in first second; do
        mount -t tmpfs -o size=1m tmpfs "$1"
        echo "$content" >"$1/$content"
        echo "$(stat -c "%d %i" "$1") $(stat -f -c %i "$1")"
        umount "$1"
    done' sh "$folder")

first=$(printf '%s\n' "$facts" | sed -n 1p)
second=$(printf '%s\n' "$facts" | sed -n 2p)
echo "Linux $(uname -r)"
echo "first:  st_dev, st_ino, f_fsid: $first"
echo "second: st_dev, st_ino, f_fsid: $second"

[ "${first% *}" = "${second% *}" ] || { echo "changed: st_dev or st_ino tells them apart now" >&2; exit 1; }
[ "${first##* }" != "${second##* }" ] || { echo "changed: f_fsid does not tell them apart any more" >&2; exit 1; }
