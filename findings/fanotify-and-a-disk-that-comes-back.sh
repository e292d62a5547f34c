#!/bin/sh
# A file system that fanotify(7) watches as a whole (FAN_MARK_FILESYSTEM) can be unmounted and mounted again without a word: no event says
# that it went, the mark is gone with it, and of what changes on the same disk from then on nothing is told. Only /proc/self/fdinfo
# shows that there is no mark any more. inotify(7) tells of the same as IN_UNMOUNT and IN_IGNORED.
#
# Seen with Linux 6.18.44 on ext4. The guess was an event such as inotify's, or a mark that holds for the disk when it is back.
# Wants root, python3, mkfs.ext4 and loop devices; needs no network, writes to a folder in /tmp.
set -eu

[ "$(id -u)" = 0 ] || { echo "this takes root" >&2; exit 2; }
folder=$(mktemp -d)
trap 'umount -l "$folder/disk" 2>/dev/null || :; rm -r "$folder"' EXIT
echo "Linux $(uname -r)"
mkdir "$folder/disk"
truncate -s 8M "$folder/image"
mkfs.ext4 -q "$folder/image"
mount -o loop "$folder/image" "$folder/disk"

python3 - "$folder" <<'PYTHON'
import ctypes, os, select, struct, subprocess, sys

libc = ctypes.CDLL(None, use_errno=True)
AT_FDCWD, FAN_NONBLOCK, FAN_REPORT_DFID_NAME = -100, 0x2, 0xC00
FAN_MARK_ADD, FAN_MARK_FILESYSTEM = 0x1, 0x100
FAN_CREATE, FAN_DELETE, FAN_ONDIR = 0x100, 0x200, 0x40000000
IN_CREATE, IN_UNMOUNT, IN_IGNORED, IN_ISDIR, IN_NONBLOCK = 0x100, 0x2000, 0x8000, 0x40000000, 0x800
disk, image = sys.argv[1] + "/disk", sys.argv[1] + "/image"

fanotify = libc.fanotify_init(FAN_NONBLOCK | FAN_REPORT_DFID_NAME, os.O_RDONLY)
assert fanotify >= 0, os.strerror(ctypes.get_errno())
mask = ctypes.c_uint64(FAN_CREATE | FAN_DELETE | FAN_ONDIR)
assert libc.fanotify_mark(fanotify, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, mask, AT_FDCWD, disk.encode()) == 0
inotify = libc.inotify_init1(IN_NONBLOCK)
assert libc.inotify_add_watch(inotify, disk.encode(), IN_CREATE) > 0

def read(fd):
    data = b""
    while select.select([fd], [], [], 0.3)[0]:
        data += os.read(fd, 65536)
    return data

def by_fanotify():
    data, at, masks = read(fanotify), 0, []
    while at < len(data):
        length, = struct.unpack_from("I", data, at)
        masks.append(hex(struct.unpack_from("Q", data, at + 8)[0]))
        at += length
    return masks

def by_inotify():
    data, at, masks = read(inotify), 0, []
    while at < len(data):
        watch, bits, cookie, length = struct.unpack_from("iIII", data, at)
        masks.append(hex(bits))
        at += 16 + length
    return masks

def marks():
    with open(f"/proc/self/fdinfo/{fanotify}") as facts:
        return sum(line.startswith("fanotify sdev:") for line in facts)

os.mkdir(disk + "/one")
seen = by_fanotify(), by_inotify(), marks()
subprocess.run(["umount", disk], check=True)
subprocess.run(["mount", "-o", "loop", image, disk], check=True)
went = by_fanotify(), by_inotify(), marks()
os.mkdir(disk + "/two")
later = by_fanotify(), marks()
print("before", seen, "unmounted and mounted", went, "after that", later)
expected = ((["0x40000100"], ["0x40000100"], 1), ([], [hex(IN_UNMOUNT | IN_ISDIR), hex(IN_IGNORED)], 0), ([], 0))
if (seen, went, later) != expected:
    sys.exit(f"changed: {(seen, went, later)} and not {expected}")
PYTHON
