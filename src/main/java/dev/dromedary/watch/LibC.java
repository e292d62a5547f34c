package dev.dromedary.watch;

import java.util.Map;

import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.dromedary.change.RawPath;

/**
 * The system calls of Linux that Java does not offer, and their constants (sys/inotify.h, poll.h, dirent.h, errno.h). The layouts that are
 * read with them are kernel ABI and the same on every 64-bit Linux.
 */
final class LibC {

    static final int IN_MODIFY = 0x2;
    static final int IN_ATTRIB = 0x4;
    static final int IN_CLOSE_WRITE = 0x8;
    static final int IN_OPEN = 0x20;
    static final int IN_MOVED_FROM = 0x40;
    static final int IN_MOVED_TO = 0x80;
    static final int IN_CREATE = 0x100;
    static final int IN_DELETE = 0x200;
    static final int IN_DELETE_SELF = 0x400;
    static final int IN_MOVE_SELF = 0x800;
    static final int IN_UNMOUNT = 0x2000;
    static final int IN_Q_OVERFLOW = 0x4000;
    static final int IN_IGNORED = 0x8000;
    static final int IN_ONLYDIR = 0x1000000;
    static final int IN_DONT_FOLLOW = 0x2000000;
    static final int IN_EXCL_UNLINK = 0x4000000;
    /** Linux 4.18. */
    static final int IN_MASK_CREATE = 0x10000000;
    static final int IN_ISDIR = 0x40000000;
    static final int IN_NONBLOCK = 0x800;
    static final int IN_CLOEXEC = 0x80000;

    static final int O_RDONLY = 0;
    static final int O_CLOEXEC = 0x80000;
    static final int O_PATH = 0x200000;

    /** openat2(2), Linux 5.6; the same number on every architecture. */
    static final long SYS_OPENAT2 = 437;
    static final long RESOLVE_NO_SYMLINKS = 0x04;
    /** struct open_how: flags, mode and resolve, 8 bytes each. */
    static final int OPEN_HOW_SIZE = 24;

    static final short POLLIN = 1;
    static final short POLLPRI = 2;

    static final int PRIO_PROCESS = 0;

    static final int DT_UNKNOWN = 0;
    static final int DT_DIR = 4;
    static final int DT_REG = 8;
    static final int DT_LNK = 10;

    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EACCES = 13;
    static final int ENOTDIR = 20;
    static final int EMFILE = 24;
    static final int ENOSPC = 28;
    static final int ELOOP = 40;

    static {
        FunctionMapper names = (library, method) -> nameIn(library, method.getName());
        Native.register(LibC.class, NativeLibrary.getInstance("c", Map.of(Library.OPTION_FUNCTION_MAPPER, names)));
    }

    private LibC() {
    }

    /** {@return a path in the form that the kernel takes} */
    static byte[] cString(String raw) {
        return RawPath.bytes(raw + '\0');
    }

    static native int inotify_init1(int flags);

    static native int inotify_add_watch(int fd, byte[] path, int mask);

    static native int inotify_rm_watch(int fd, int wd);

    static native long read(int fd, Memory buffer, long count);

    static native long write(int fd, byte[] bytes, long count);

    static native int poll(Memory pollfds, long count, int timeoutMillis);

    /** ppoll(2), with a timeout as struct timespec and without a signal mask. */
    static native int ppoll(Memory pollfds, long count, Memory timespec, Pointer mask);

    static native int pipe2(int[] fds, int flags);

    static native int open(byte[] path, int flags);

    /** syscall(2), for openat2, because glibc has no function for it. */
    static native long syscall(long number, int dirfd, byte[] path, Memory how, long size);

    static native int close(int fd);

    /** setpriority(2); with {@link #PRIO_PROCESS} and 0 it applies to the calling thread only. */
    static native int setpriority(int which, int who, int nice);

    static native long readlink(byte[] path, byte[] target, long size);

    /** getdents64(2): fills the buffer with linux_dirent64 records; bytes used, 0 at the end, -1 on error. */
    static native long getdents64(int fd, Memory buffer, long count);

    // glibc exports getdents64 since 2.30; musl calls the same function getdents
    private static String nameIn(NativeLibrary library, String name) {
        if (name.equals("getdents64")) {
            try {
                library.getGlobalVariableAddress(name);
            } catch (UnsatisfiedLinkError e) {
                return "getdents";
            }
        }
        return name;
    }
}
