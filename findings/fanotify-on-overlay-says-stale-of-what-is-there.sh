#!/bin/sh
# On overlay, as it is mounted by default, fanotify(7) refuses the mark of the whole file system (EOPNOTSUPP), but grants that of a folder, and tells of
# what happens there with a handle. That handle can never be opened: open_by_handle_at(2) says ESTALE, which the example of fanotify(7) says as "deleted",
# though the folder is there. name_to_handle_at(2) of the same folder gives no handle at all. So a program that takes ESTALE for "gone" holds
# each folder of a container for gone. With nfs_export=on both marks are granted, and the handle leads to the folder.
#
# Seen with Linux 6.18.44, overlay on tmpfs. The guess was that the mark of a folder is refused as that of the file system is.
# Wants root, python3, unshare and mount; needs no network, changes nothing outside of a mount namespace of its own.
set -eu

[ "$(id -u)" -eq 0 ] || { echo "skipped: only root may mount" >&2; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo "Linux $(uname -r)"

# looked OPTION : what fanotify says of an overlay that is mounted so
looked() {
    timeout 60 unshare --mount sh -eu -c '
        mount -t tmpfs none "$1"
        cd "$1"
        mkdir lower lower/folder upper work merged
        mount -t overlay -o "$2,lowerdir=lower,upperdir=upper,workdir=work" none merged
        python3 -c "$3" "$1/merged"' sh "$folder" "$1" '
import ctypes, errno, os, select, struct, sys

libc = ctypes.CDLL(None, use_errno=True)
AT_FDCWD, FAN_NONBLOCK, FAN_REPORT_DFID_NAME, FAN_MARK_ADD, FAN_MARK_FILESYSTEM, FAN_CREATE = -100, 0x2, 0xC00, 0x1, 0x100, 0x100
merged = sys.argv[1]
folder = merged + "/folder"

def said(result):
    return "granted" if result >= 0 else errno.errorcode[ctypes.get_errno()]

def marked(kind, path):
    fd = libc.fanotify_init(FAN_NONBLOCK | FAN_REPORT_DFID_NAME, os.O_RDONLY)
    return fd, said(libc.fanotify_mark(fd, FAN_MARK_ADD | kind, ctypes.c_uint64(FAN_CREATE), AT_FDCWD, path.encode()))

_, whole = marked(FAN_MARK_FILESYSTEM, merged)
fd, one = marked(0, folder)
open(folder + "/new", "w").close()
assert select.select([fd], [], [], 10)[0], "no event"
event = os.read(fd, 4096)
# behind the event of 24 bytes: a header of 4, the id of the file system, and the handle: its length, its type, its bytes
length, = struct.unpack_from("I", event, 36)
handle = ctypes.create_string_buffer(event[36:44 + length])
top = os.open(merged, os.O_RDONLY)
opened = libc.open_by_handle_at(top, handle, os.O_RDONLY)
leads = said(opened) if opened < 0 else "the folder" if os.path.samestat(os.fstat(opened), os.stat(folder)) else "elsewhere"
room = ctypes.create_string_buffer(struct.pack("Ii", 128, 0), 136)
named = said(libc.name_to_handle_at(AT_FDCWD, folder.encode(), room, ctypes.byref(ctypes.c_int()), 0))
print(f"whole: {whole}; folder: {one}; its handle: {leads}; name_to_handle_at: {named}")
'
}

default=$(looked index=off)
export=$(looked nfs_export=on,index=on)
echo "by default:     $default"
echo "nfs_export=on:  $export"
[ "$default" = "whole: ENOTSUP; folder: granted; its handle: ESTALE; name_to_handle_at: ENOTSUP" ] \
    && [ "$export" = "whole: granted; folder: granted; its handle: the folder; name_to_handle_at: granted" ] || { echo "changed" >&2; exit 1; }
