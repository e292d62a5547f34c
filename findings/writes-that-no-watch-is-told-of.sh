#!/bin/sh
# What is written by Linux' own asynchronous I/O, io_submit(2), and what is written to a loop device, changes the file without an event:
# neither inotify(7) nor fanotify(7) tells of it, though they tell of the same bytes by write(2). The next event is the CLOSE_WRITE of
# whoever has the file open for writing, and for a database or a disk image that may be weeks away. inotify(7) itself names mmap(2) alone.
#
# Seen with Linux 6.18.44 on ext4, xfs, btrfs and tmpfs. Told there: write, pwritev2, io_uring, sendfile, splice, copy_file_range,
# FICLONERANGE, fallocate and ftruncate. The guess was that a loop device tells as each other writer does.
# Wants root, python3, losetup and a free loop device; needs no network, writes to a folder in /tmp.
set -eu

[ "$(id -u)" -eq 0 ] || { echo "skipped: only root may use a loop device" >&2; exit 0; }
command -v losetup >/dev/null || { echo "skipped: losetup is missing" >&2; exit 0; }
folder=$(mktemp -d)
trap 'losetup -j "$folder/file" | cut -d: -f1 | xargs -r losetup -d; rm -r "$folder"' EXIT
head -c 1048576 /dev/zero >"$folder/file"
echo "Linux $(uname -r), $(stat -f -c %T "$folder")"

timeout 60 python3 - "$folder/file" <<'PYTHON'
import ctypes, os, platform, select, struct, subprocess, sys

libc = ctypes.CDLL(None, use_errno=True)
file = sys.argv[1]
IN_MODIFY, IN_CLOSE_WRITE, IN_NONBLOCK = 0x2, 0x8, 0x800
FAN_MARK_ADD, FAN_REPORT_FID, FAN_NONBLOCK, AT_FDCWD = 0x1, 0x200, 0x2, -100
SETUP, SUBMIT, GETEVENTS = {"x86_64": (206, 209, 208), "aarch64": (0, 2, 4)}[platform.machine()]

def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

inotify = check(libc.inotify_init1(IN_NONBLOCK))
check(libc.inotify_add_watch(inotify, os.path.dirname(file).encode(), IN_MODIFY | IN_CLOSE_WRITE))
fanotify = check(libc.fanotify_init(FAN_REPORT_FID | FAN_NONBLOCK, os.O_RDONLY))
check(libc.fanotify_mark(fanotify, FAN_MARK_ADD, ctypes.c_uint64(IN_MODIFY | IN_CLOSE_WRITE), AT_FDCWD, file.encode()))

def bits(fd, layout):
    told, at, data = 0, 0, b""
    while select.select([fd], [], [], 0.5)[0]:
        data += os.read(fd, 65536)
    while at < len(data):
        mask, length = layout(data, at)
        told, at = told | mask, at + length
    return told

def of_inotify(data, at):
    watch, mask, cookie, name = struct.unpack_from("iIII", data, at)
    return mask, 16 + name

def of_fanotify(data, at):
    length, mask = struct.unpack_from("I4xQ", data, at)
    return mask, length

def told():
    names = {0: "nothing", 2: "MODIFY", 8: "CLOSE_WRITE", 10: "MODIFY and CLOSE_WRITE"}
    return names[bits(inotify, of_inotify)], names[bits(fanotify, of_fanotify)]

def by_write(fd):
    os.pwrite(fd, b"w" * 4096, 0)

def by_io_submit(fd):
    context, buffer = ctypes.c_ulong(0), ctypes.create_string_buffer(b"a" * 4096, 4096)
    check(libc.syscall(SETUP, 4, ctypes.byref(context)))
    # struct iocb: data, key and flags, opcode 1 (PWRITE), priority, file, buffer, bytes, offset
    block = ctypes.create_string_buffer(struct.pack("QIIHhIQQqQII", 0, 0, 0, 1, 0, fd, ctypes.addressof(buffer), 4096, 0, 0, 0, 0), 64)
    blocks = (ctypes.c_void_p * 1)(ctypes.addressof(block))
    check(libc.syscall(SUBMIT, context, ctypes.c_long(1), blocks))
    event = ctypes.create_string_buffer(32)
    check(libc.syscall(GETEVENTS, context, ctypes.c_long(1), ctypes.c_long(1), event, None))

def by_loop(fd):
    device = open(os.open(loop, os.O_RDWR), "wb", buffering=0)
    device.write(b"l" * 4096)
    os.fsync(device.fileno())
    device.close()

fd = os.open(file, os.O_RDWR)
loop = subprocess.run(["losetup", "--find", "--show", file], check=True, capture_output=True, text=True).stdout.strip()
told()
seen = {}
for way, letter in ((by_write, b"w"), (by_io_submit, b"a"), (by_loop, b"l")):
    way(fd)
    seen[way.__name__] = told()
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    assert os.pread(fd, 4096, 0) == letter * 4096, way.__name__
    print(f"{way.__name__}: inotify tells {seen[way.__name__][0]}, fanotify {seen[way.__name__][1]}")
subprocess.run(["losetup", "-d", loop], check=True)
if seen != {"by_write": ("MODIFY",) * 2, "by_io_submit": ("nothing",) * 2, "by_loop": ("nothing",) * 2}:
    sys.exit("changed")
PYTHON
