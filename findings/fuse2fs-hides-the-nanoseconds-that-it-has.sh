#!/bin/sh
# fuse2fs, which mounts ext4 without the kernel's driver, says whole seconds of every time, though it has the nanoseconds: what it stores
# the kernel reads in full, and what the kernel has stored it tells without them. So for rsync --modify-window=-1 each file differs from
# its copy for ever, and of two versions of a size within one second the second one is not seen by anybody who compares times.
#
# Seen with Debian 13's fuse2fs 1.47.2-3+b12; right in 1.47.4-1+b2. The guess was that a file system keeps what utimensat(2) was given, or rounds it.
# Wants root, /dev/fuse, a loop device, mkfs.ext4, fuser, rsync, apt-get and dpkg-deb, and the network; nothing is installed.
set -eu

[ "$(id -u)" -eq 0 ] && [ -e /dev/fuse ] || { echo "skipped: this takes root and /dev/fuse" >&2; exit 0; }
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
trap 'umount -l "$folder/at" 2>/dev/null || :; rm -rf "$folder"' EXIT
"$here/package-of" trixie fuse2fs=1.47.2-3+b12 "$folder/fuse2fs"
mkdir "$folder/at" "$folder/source"
truncate -s 64M "$folder/disk"
mkfs.ext4 -q "$folder/disk"

by_fuse() {
    timeout 30 "$folder/fuse2fs/run" fuse2fs "$folder/disk" "$folder/at" -o rw
    mountpoint -q "$folder/at"
}
# the program goes on for a moment after umount, and has the disk until then
unmounted() {
    umount "$folder/at"
    for turn in $(seq 100); do
        fuser -s "$folder/disk" 2>/dev/null || return 0
        sleep 0.1
    done
}
fraction() {
    stat -c %y "$1" | sed -E 's/.*\.([0-9]*) .*/\1/'
}

touch -d '2026-01-02 03:04:05.123456789 UTC' "$folder/source/file"
by_fuse
rsync -a "$folder/source/file" "$folder/at/by-fuse"
first=$(fraction "$folder/at/by-fuse")
again=$(rsync -ai --modify-window=-1 "$folder/source/file" "$folder/at/by-fuse")
unmounted
mount -o loop "$folder/disk" "$folder/at"
stored=$(fraction "$folder/at/by-fuse")
rsync -a "$folder/source/file" "$folder/at/by-kernel"
kernel=$(fraction "$folder/at/by-kernel")
umount "$folder/at"
by_fuse
told=$(fraction "$folder/at/by-kernel")
unmounted

echo "stored by fuse2fs: fuse2fs says .$first, the kernel .$stored; rsync --modify-window=-1 again: $again"
echo "stored by the kernel: the kernel says .$kernel, fuse2fs .$told"
[ "$first $stored $kernel $told" = "000000000 123456789 123456789 000000000" ] && [ "${again%% *}" = ">f..t......" ] || { echo "changed" >&2; exit 1; }
