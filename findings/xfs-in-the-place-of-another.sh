#!/bin/sh
# An XFS that is mounted where another one was unmounted a moment ago is the same folder by all that stat(2) and statfs(2) tell: st_dev,
# st_ino of its top folder, and f_fsid, which XFS makes of the device's number and not of its UUID, other than ext4 and btrfs do. So
# a program that knows a disk by f_fsid takes an empty one for the full one.
#
# Seen with Linux 6.18.44 and xfsprogs 6.1.0. The guess was that f_fsid is made of the UUID, as that of ext4 is.
# Wants root, loop devices, and mkfs.xfs and mkfs.ext4 (Debian: xfsprogs, e2fsprogs).
set -eu

[ "$(id -u)" -eq 0 ] || { echo "skipped: only root may mount" >&2; exit 0; }
command -v mkfs.xfs >/dev/null && command -v mkfs.ext4 >/dev/null || { echo "skipped: mkfs.xfs or mkfs.ext4 is missing" >&2; exit 0; }
folder=$(mktemp -d)
trap 'umount "$folder/at" 2>/dev/null || :; rm -r "$folder"' EXIT
mkdir "$folder/at"

facts() {
    for disk in first second; do
        truncate -s 400M "$folder/$disk"
        "mkfs.$1" -q "$folder/$disk"
        mount -o loop "$folder/$disk" "$folder/at"
        echo "$(stat -c '%d %i' "$folder/at") $(stat -f -c %i "$folder/at")"
        umount "$folder/at"
        rm "$folder/$disk"
    done
}

echo "Linux $(uname -r), $(mkfs.xfs -V)"
for type in xfs ext4; do
    both=$(facts "$type")
    echo "$type: st_dev, st_ino, f_fsid of the first and the second:" $both
    [ "$(printf '%s\n' "$both" | sort -u | wc -l)" -eq "$([ "$type" = xfs ] && echo 1 || echo 2)" ] || {
        echo "changed: $type" >&2
        exit 1
    }
done
