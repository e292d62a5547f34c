package dev.dromedary.watch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;

/**
 * One fanotify group (fanotify(7)) that reports the events of whole file systems, by handle and name. Not thread-safe. Layouts and
 * constants are those of linux/fanotify.h.
 */
final class Fanotify implements AutoCloseable {

    /** Receives events one by one. */
    interface Sink {

        /**
         * Returns whether an event is wanted; others are skipped without parsing them further.
         *
         * @param folder the folder in which it happened
         * @param object the object to which it happened, as in {@link Event}
         */
        boolean wants(FileHandle folder, FileHandle object);

        /** A folder was renamed, anywhere on the file system: paths that were looked up before may have changed. */
        void folderRenamed();

        void event(Event event);
    }

    /**
     * An event, or several events of the same name in one.
     *
     * @param mask      as in inotify(7); if the kernel has merged events, several bits are set and their order is lost
     * @param folder    the folder in which it happened; null if the queue overflowed
     * @param name      the name to which it happened; {@code "."} for the folder itself. For a rename, the old name
     * @param newFolder for a rename, the new folder; otherwise null
     * @param newName   for a rename, the new name; otherwise null
     * @param object    the object to which it happened, whatever its name; null if the kernel does not report it
     */
    record Event(long mask, FileHandle folder, String name, FileHandle newFolder, String newName, FileHandle object) {
        boolean is(long bits) {
            return (mask & bits) != 0;
        }

        boolean isOfFolder() {
            return is(ONDIR);
        }
    }

    static final long RENAME = 0x10000000L;
    private static final long ONDIR = 0x40000000L;
    private static final long EVENT_ON_CHILD = 0x08000000L;

    // Linux 5.9: the kernel reports names, also if whole file systems are watched
    private static final int CLASS_NOTIF = 0;
    private static final int CLOEXEC = 0x1;
    private static final int NONBLOCK = 0x2;
    private static final int UNLIMITED_QUEUE = 0x10;
    private static final int REPORT_FID = 0x200;
    private static final int REPORT_DFID_NAME = 0xc00;
    /** Linux 5.17, as is FAN_RENAME. */
    private static final int REPORT_TARGET_FID = 0x1000;

    private static final int MARK_ADD = 0x1;
    private static final int MARK_ONLYDIR = 0x8;
    private static final int MARK_FILESYSTEM = 0x100;

    private static final long OF_FILES = LibC.IN_MODIFY | LibC.IN_ATTRIB | LibC.IN_CLOSE_WRITE | LibC.IN_CREATE | LibC.IN_DELETE | ONDIR;
    private static final long MOVES = LibC.IN_MOVED_FROM | LibC.IN_MOVED_TO;

    private static final byte INFO_FID = 1;
    private static final byte INFO_DFID_NAME = 2;
    private static final byte INFO_OLD_DFID_NAME = 10;
    private static final byte INFO_NEW_DFID_NAME = 12;

    private static final int AT_EMPTY_PATH = 0x1000;
    private static final byte[] EMPTY = {0};
    private static final int MOST_BYTES_OF_A_HANDLE = 128;
    private static final int STATFS_SIZE = 256;
    private static final int FSID_OF_STATFS = 56;
    // processors whose struct statfs is the generic one (asm-generic/statfs.h)
    private static final Set<String> PROCESSORS = Set.of("x86-64", "aarch64", "riscv64", "ppc64le", "loongarch64");

    private static final String LACKS_RIGHTS = "fanotify takes the capabilities CAP_SYS_ADMIN and CAP_DAC_READ_SEARCH";
    private static final int EPERM = 1;
    private static final int ENODEV = 19;
    private static final int EXDEV = 18;
    private static final int EINVAL = 22;
    private static final int ENOSYS = 38;
    private static final int EOPNOTSUPP = 95;

    private final int fd;
    private final boolean tellsRenames;
    private final EventQueueSelector poller;
    private final Memory events = new Memory(1 << 18);
    // the same bytes; reading them does not call JNI
    private final ByteBuffer buffer = events.getByteBuffer(0, events.size()).order(ByteOrder.nativeOrder());
    private final Memory handle = new Memory(8 + MOST_BYTES_OF_A_HANDLE);
    private final Memory mountId = new Memory(8);
    private final Memory statfs = new Memory(STATFS_SIZE);
    private boolean closed;

    static {
        Native.register(Fanotify.class, "c");
    }

    static native int fanotify_init(int flags, int eventFlags);

    static native int fanotify_mark(int fd, int flags, long mask, int dirfd, byte[] path);

    static native int name_to_handle_at(int dirfd, byte[] path, Memory handle, Memory mountId, int flags);

    static native int open_by_handle_at(int mount, Memory handle, int flags);

    static native int fstatfs(int fd, Memory answer);

    /**
     * Creates a group.
     *
     * @throws IOException if the kernel has none for this process; the message gives the reason
     */
    static Fanotify open() throws IOException {
        if (!PROCESSORS.contains(Platform.ARCH)) {
            throw new IOException("fanotify is not used on this processor (" + Platform.ARCH + ")");
        }
        return new Fanotify();
    }

    private Fanotify() throws IOException {
        int flags = CLASS_NOTIF | CLOEXEC | NONBLOCK | UNLIMITED_QUEUE | REPORT_FID | REPORT_DFID_NAME;
        int group = fanotify_init(flags | REPORT_TARGET_FID, LibC.O_RDONLY | LibC.O_CLOEXEC);
        tellsRenames = group >= 0;
        if (group < 0 && Native.getLastError() == EINVAL) {
            group = fanotify_init(flags, LibC.O_RDONLY | LibC.O_CLOEXEC);
        }
        if (group < 0) {
            int errno = Native.getLastError();
            throw new IOException(switch (errno) {
                case EPERM -> LACKS_RIGHTS;
                case EINVAL -> "this kernel does not report names by fanotify; Linux 5.9 and later do";
                case ENOSYS -> "this kernel has no fanotify";
                case LibC.EMFILE -> "this user has no fanotify group left";
                default -> "fanotify is not available (errno " + errno + ")";
            });
        }
        fd = group;
        try {
            poller = new EventQueueSelector(fd);
        } catch (IOException e) {
            LibC.close(fd);
            throw e;
        }
    }

    EventQueueSelector poller() {
        return poller;
    }

    /** {@return whether a rename is reported as one event with both names; otherwise as two unrelated events} */
    boolean tellsRenames() {
        return tellsRenames;
    }

    /**
     * Watches the whole file system that a folder lies on.
     *
     * @param path in the form of {@link LibC#cString}
     * @throws IOException if it can't be watched; the message gives the reason
     */
    void markFileSystem(byte[] path) throws IOException {
        mark(MARK_ADD | MARK_FILESYSTEM | MARK_ONLYDIR, OF_FILES | (tellsRenames ? RENAME : MOVES), path);
    }

    /** Watches the names in one folder. */
    void markFolder(byte[] path) throws IOException {
        mark(MARK_ADD | MARK_ONLYDIR, LibC.IN_CLOSE_WRITE | LibC.IN_CREATE | LibC.IN_MOVED_TO | EVENT_ON_CHILD, path);
    }

    private void mark(int flags, long mask, byte[] path) throws IOException {
        if (fanotify_mark(fd, flags, mask, Statx.AT_FDCWD, path) == 0) {
            return;
        }
        int errno = Native.getLastError();
        throw new IOException(switch (errno) {
            case EPERM -> LACKS_RIGHTS;
            case ENODEV, EXDEV, EOPNOTSUPP, EINVAL -> "this file system can't be watched by fanotify";
            case LibC.ENOENT, LibC.ENOTDIR -> "it is gone";
            case LibC.EACCES -> "this user may not read it";
            default -> "fanotify does not watch it (errno " + errno + ")";
        });
    }

    /**
     * Returns the handle of a folder.
     *
     * @param path in the form of {@link LibC#cString}
     * @throws IOException if the folder does not exist, or the file system has no handles
     */
    FileHandle handle(byte[] path) throws IOException {
        int folder = LibC.open(path, LibC.O_PATH | LibC.O_CLOEXEC);
        if (folder < 0) {
            throw new IOException("it can't be opened (errno " + Native.getLastError() + ")");
        }
        try {
            handle.setInt(0, MOST_BYTES_OF_A_HANDLE);
            if (name_to_handle_at(folder, EMPTY, handle, mountId, AT_EMPTY_PATH) != 0) {
                throw new IOException("this file system has no handles (errno " + Native.getLastError() + ")");
            }
            return new FileHandle(fileSystem(folder), handle.getInt(4), handle.getByteArray(8, handle.getInt(0)));
        } finally {
            LibC.close(folder);
        }
    }

    /** {@return f_fsid of an open file or folder} */
    long fileSystem(int open) {
        return fstatfs(open, statfs) == 0 ? statfs.getLong(FSID_OF_STATFS) : 0;
    }

    /**
     * Opens the object of a handle with O_PATH. The caller has to close it.
     *
     * @param mount anything open on the same file system
     * @return the descriptor, or -errno below 0: ESTALE if the object is gone
     */
    int open(int mount, FileHandle of) {
        handle.setInt(0, of.bytes().length);
        handle.setInt(4, of.type());
        handle.write(8, of.bytes(), 0, of.bytes().length);
        int opened = open_by_handle_at(mount, handle, LibC.O_PATH | LibC.O_CLOEXEC);
        return opened < 0 ? -Native.getLastError() : opened;
    }

    /** {@return the number of watched file systems} One that was unmounted everywhere is no longer watched, and no event reports that. */
    long fileSystems() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/fdinfo/" + fd), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith("fanotify sdev:")).count();
        }
    }

    /**
     * Reads the events that the kernel has ready, without waiting.
     *
     * @return the number of bytes; 0 if there were no events
     */
    long read(Sink sink) {
        long length = LibC.read(fd, events, events.size());
        for (int at = 0; at < length; at += buffer.getInt(at)) {
            event(at, sink);
        }
        return Math.max(0, length);
    }

    // struct fanotify_event_metadata, followed by the info records
    private void event(int at, Sink sink) {
        long mask = buffer.getLong(at + 8);
        if ((mask & LibC.IN_Q_OVERFLOW) != 0) {
            sink.event(new Event(mask, null, null, null, null, null));
            return;
        }
        int end = at + buffer.getInt(at);
        int folder = -1;
        int newFolder = -1;
        int object = -1;
        for (int info = at + (buffer.getShort(at + 6) & 0xffff); info < end; info += buffer.getShort(info + 2) & 0xffff) {
            switch (buffer.get(info)) {
                case INFO_DFID_NAME, INFO_OLD_DFID_NAME -> folder = info;
                case INFO_NEW_DFID_NAME -> newFolder = info;
                case INFO_FID -> object = info;
                default -> {
                    // record types of later kernels
                }
            }
        }
        if (folder < 0) {
            return;
        }
        if ((mask & ONDIR) != 0 && (mask & (RENAME | MOVES)) != 0) {
            sink.folderRenamed();
        }
        FileHandle in = handle(folder);
        FileHandle to = newFolder < 0 ? null : handle(newFolder);
        FileHandle what = object < 0 ? null : handle(object);
        if (sink.wants(in, what) || to != null && sink.wants(to, what)) {
            sink.event(new Event(mask, in, name(folder), to, to == null ? null : name(newFolder), what));
        }
    }

    private FileHandle handle(int info) {
        byte[] bytes = new byte[buffer.getInt(info + 12)];
        buffer.get(info + 20, bytes);
        return new FileHandle(buffer.getLong(info + 4), buffer.getInt(info + 16), bytes);
    }

    private String name(int info) {
        int start = info + 20 + buffer.getInt(info + 12);
        int end = start;
        while (buffer.get(end) != 0) {
            end++;
        }
        byte[] name = new byte[end - start];
        buffer.get(start, name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LibC.close(fd);
            poller.close();
        }
    }
}
