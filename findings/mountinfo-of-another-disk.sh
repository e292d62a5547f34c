#!/bin/sh
# /proc/self/mountinfo has the same text, to the byte, when a file system was unmounted and another one was mounted in its place: the next mount
# gets the id that has become free, and a tmpfs the device number. A program that compares the text, or the id, which proc(5) calls "a
# unique ID for the mount", does not notice that everything below the mount point is different. poll(2) on the file reports a change all the same,
# and statx(2) has an id that is not used again (STATX_MNT_ID_UNIQUE, Linux 6.8).
#
# Seen with Linux 6.18.44. The guess was that the mount id differs, as ids of processes do.
# Wants root, and unshare, mount and python3; needs no network, changes nothing outside of a mount namespace of its own.
set -eu

[ "$(id -u)" -eq 0 ] || { echo "skipped: only root may mount" >&2; exit 0; }
command -v python3 >/dev/null || { echo "skipped: python3 is missing" >&2; exit 0; }
folder=$(mktemp -d)
trap 'rmdir "$folder"' EXIT

unshare --mount python3 - "$folder" <<'END'
import ctypes, os, select, struct, subprocess, sys

folder = sys.argv[1]
libc = ctypes.CDLL(None)

def mount(content):
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=True)
    open(os.path.join(folder, content), "w").close()

def table():
    with open("/proc/self/mountinfo") as file:
        return file.read()

# (whether it is known, the id): struct statx of linux/stat.h, stx_mask and stx_mnt_id
def unique():
    answer = ctypes.create_string_buffer(256)
    libc.statx(-100, folder.encode(), 0x100, 0x4000, answer)
    return bool(struct.unpack_from("I", answer, 0)[0] & 0x4000), struct.unpack_from("Q", answer, 144)[0]

mount("first")
watched = open("/proc/self/mountinfo")
poll = select.poll()
poll.register(watched, select.POLLPRI)
poll.poll(0)
before, first = table(), unique()
subprocess.run(["umount", folder], check=True)
mount("second")
after, second = table(), unique()
told = any(event & select.POLLPRI for _, event in poll.poll(0))
subprocess.run(["umount", folder], check=True)

print("Linux", os.uname().release)
print("the text of mountinfo:", "the same" if before == after else "another")
print("poll(2) reports a change:", told)
print("STATX_MNT_ID_UNIQUE:", first[1] if first[0] else "not known", second[1] if second[0] else "not known")
if before != after or not told:
    sys.exit("changed: mountinfo tells them apart now, or poll(2) does not report it")
if first[0] and first[1] == second[1]:
    sys.exit("changed: the unique id is used again")
END
