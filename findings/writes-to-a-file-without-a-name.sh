#!/bin/sh
# A file that is opened with O_TMPFILE and gets its name by linkat(2) later is, to inotify(7), in the folder where it was opened, under
# the name "#" and its inode number, for as long as that descriptor is open: what is written to it is told there, and nowhere under
# its name. With IN_EXCL_UNLINK, which is to spare a program the writes to deleted files, it is not told at all.
#
# Seen with Linux 6.18.44 on ext4 and tmpfs. The guess was that its name is the one that linkat(2) has given it.
# Wants python3; needs no network, writes to a folder in /tmp.
set -eu

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
echo "Linux $(uname -r)"

python3 - "$folder" <<'PYTHON'
import ctypes, os, select, struct, sys

libc = ctypes.CDLL(None)
AT_FDCWD, AT_SYMLINK_FOLLOW = -100, 0x400
IN_MODIFY, IN_EXCL_UNLINK, IN_NONBLOCK = 0x2, 0x4000000, 0x800
opened, named = sys.argv[1] + "/opened", sys.argv[1] + "/named"
os.mkdir(opened)
os.mkdir(named)

def told(extra):
    inotify = libc.inotify_init1(IN_NONBLOCK)
    folders = {libc.inotify_add_watch(inotify, folder.encode(), IN_MODIFY | extra): os.path.basename(folder)
               for folder in (opened, named)}
    file = os.open(opened, os.O_TMPFILE | os.O_RDWR, 0o600)
    name = f"{named}/{extra}".encode()
    assert libc.linkat(AT_FDCWD, f"/proc/self/fd/{file}".encode(), AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0
    os.write(file, b"x")
    events = []
    while select.select([inotify], [], [], 0.2)[0]:
        data, at = os.read(inotify, 65536), 0
        while at < len(data):
            watch, mask, cookie, length = struct.unpack_from("iIII", data, at)
            text = data[at + 16:at + 16 + length].rstrip(b"\0").decode()
            events.append(folders[watch] + "/" + text.replace(str(os.fstat(file).st_ino), "INODE"))
            at += 16 + length
    return events

plain, excluding = told(0), told(IN_EXCL_UNLINK)
print("told of a write:", plain)
print("with IN_EXCL_UNLINK:", excluding)
if plain != ["opened/#INODE"] or excluding:
    sys.exit("changed: it is told of in another way now")
PYTHON
