package dev.dromedary.watch;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

import com.sun.jna.Memory;
import com.sun.jna.Native;

/**
 * One inotify instance (inotify(7)). Not thread-safe. Names are raw bytes.
 */
final class Inotify implements AutoCloseable {

    /** An event as reported by the kernel; name is null for an event of the watched folder itself. */
    record Event(int watch, int mask, int cookie, String name) {
        boolean is(int bits) {
            return (mask & bits) != 0;
        }
    }

    private static final int MASK = LibC.IN_ATTRIB | LibC.IN_MODIFY | LibC.IN_CLOSE_WRITE | LibC.IN_CREATE
            | LibC.IN_DELETE | LibC.IN_MOVED_FROM | LibC.IN_MOVED_TO | LibC.IN_DELETE_SELF | LibC.IN_MOVE_SELF
            | LibC.IN_ONLYDIR | LibC.IN_DONT_FOLLOW | LibC.IN_EXCL_UNLINK;

    // never replaces an existing watch: a folder that has taken the place of the file would lose its own mask
    private static final int FILE_MASK = LibC.IN_MODIFY | LibC.IN_CLOSE_WRITE | LibC.IN_DONT_FOLLOW | LibC.IN_MASK_CREATE;

    // some hundred thousand events; the kernel reports an overflow if there are more
    private static final int MOST_DRAINED = 256;
    // a new folder is watched and listed at once, which takes a hundred times as long as reading an event
    private static final int DRAIN_AFTER = 64;

    private final int fd;
    private final EventQueueSelector poller;
    private final Memory events = new Memory(1 << 16);
    private final Memory spare = new Memory(1 << 16);
    private final Deque<byte[]> drained = new ArrayDeque<>();
    private final DirectoryReader listing = new DirectoryReader();
    private final byte[] linkTarget = new byte[1];
    private final Memory openHow = new Memory(LibC.OPEN_HOW_SIZE);
    private volatile long lastAdded = System.nanoTime();
    private boolean closed;

    /**
     * Creates an instance.
     *
     * @throws IOException if the kernel has none, or can't be called; the message says what to do
     */
    static Inotify open() throws IOException {
        try {
            return new Inotify();
        } catch (LinkageError e) {
            // JNA unpacks its library into ~/.cache or /tmp, and loads it from there
            throw new IOException("Java can't call inotify (" + e.getMessage()
                    + "): name a folder from which programs may be run, with java -Djna.tmpdir=FOLDER, and start anew", e);
        }
    }

    private Inotify() throws IOException {
        fd = LibC.inotify_init1(LibC.IN_NONBLOCK | LibC.IN_CLOEXEC);
        if (fd < 0) {
            int errno = Native.getLastError();
            throw new IOException(errno == LibC.EMFILE
                    ? "this user has no inotify instance left; raise it with: sysctl fs.inotify.max_user_instances=1024"
                    : "inotify is not to be had here (errno " + errno + ")");
        }
        try {
            poller = new EventQueueSelector(fd);
        } catch (IOException e) {
            LibC.close(fd);
            throw e;
        }
    }

    /**
     * Watches a folder. Doing so again is harmless and returns the same number.
     *
     * @return the watch's number, or -errno below 0: ENOENT, ENOTDIR or ELOOP if there is no folder any more, ENOSPC if the limit of
     *         watches is reached, EACCES if the folder may not be read
     */
    int add(byte[] path) {
        int watch = LibC.inotify_add_watch(fd, path, MASK);
        int answer = watch < 0 ? -Native.getLastError() : watch;
        lastAdded = System.nanoTime();
        return answer;
    }

    /**
     * Watches a file for writes, whatever name it was opened by.
     *
     * @return the watch's number; below 0 if none is available, or the object has one already
     */
    int addFile(byte[] path) {
        return LibC.inotify_add_watch(fd, path, FILE_MASK);
    }

    /** {@return the time of the last call of {@link #add}, in {@link System#nanoTime}} Thread-safe. */
    long lastAdded() {
        return lastAdded;
    }

    /** {@return whether a path is a symbolic link} */
    boolean isLink(byte[] path) {
        return LibC.readlink(path, linkTarget, linkTarget.length) >= 0;
    }

    /**
     * Checks whether a path, or one of its parent folders below another folder, is a symbolic link. This takes a single system call
     * (openat2(2), RESOLVE_NO_SYMLINKS) if the kernel has it and permits it. In a chain of two thousand folders, one call per parent folder
     * would take minutes.
     *
     * @param top  where the path starts; it may be a link or contain one
     * @param path relative to top
     * @return whether there is a link; null if the kernel can't tell
     */
    Boolean passesLink(byte[] top, byte[] path) {
        int folder = LibC.open(top, LibC.O_PATH | LibC.O_CLOEXEC);
        if (folder < 0) {
            return null;
        }
        openHow.setLong(0, LibC.O_PATH | LibC.O_CLOEXEC);
        openHow.setLong(8, 0);
        openHow.setLong(16, LibC.RESOLVE_NO_SYMLINKS);
        long fd = LibC.syscall(LibC.SYS_OPENAT2, folder, path, openHow, LibC.OPEN_HOW_SIZE);
        int errno = fd < 0 ? Native.getLastError() : 0;
        if (fd >= 0) {
            LibC.close((int) fd);
        }
        LibC.close(folder);
        return switch (errno) {
            case 0, LibC.ENOENT, LibC.ENOTDIR -> false;
            case LibC.ELOOP -> true;
            default -> null;
        };
    }

    /** Removes a watch; it is no error if the kernel has removed it already. */
    void remove(int watch) {
        LibC.inotify_rm_watch(fd, watch);
    }

    /** {@return the selector that waits for events} */
    EventQueueSelector poller() {
        return poller;
    }

    /**
     * Reads some of the events that the kernel has ready, without waiting, and moves the rest out of the kernel's queue. That queue is
     * limited ({@code fs.inotify.max_queued_events}), and could overflow while some events are being processed.
     *
     * @return whether there was any event
     */
    boolean read(Consumer<Event> sink) {
        byte[] oldest = drained.poll();
        long length = oldest == null ? LibC.read(fd, events, events.size()) : oldest.length;
        if (oldest != null) {
            events.write(0, oldest, 0, oldest.length);
        }
        if (length < events.size() / 2 && oldest == null) {
            // the usual case
            parse(events, length, sink);
        } else {
            drain();
            int[] told = {0};
            parse(events, length, event -> {
                sink.accept(event);
                if (++told[0] % DRAIN_AFTER == 0) {
                    drain();
                }
            });
        }
        return length > 0;
    }

    /** Moves all events out of the kernel's queue. */
    private void drain() {
        for (long length; drained.size() < MOST_DRAINED && (length = LibC.read(fd, spare, spare.size())) > 0;) {
            drained.add(spare.getByteArray(0, (int) length));
        }
    }

    /** {@return whether events were moved out of the kernel's queue and not read yet} */
    boolean hasDrained() {
        return !drained.isEmpty();
    }

    /** Parses {@code struct inotify_event} records, see inotify(7). */
    static void parse(Memory events, long length, Consumer<Event> sink) {
        for (long at = 0; at < length;) {
            int nameLength = events.getInt(at + 12);
            sink.accept(new Event(events.getInt(at), events.getInt(at + 4), events.getInt(at + 8),
                    nameLength == 0 ? null : DirectoryReader.name(events, at + 16)));
            at += 16 + nameLength;
        }
    }

    /**
     * Lists the names of the folders in a folder, and of entries whose type the file system does not report.
     *
     * @return as {@link DirectoryReader#of}
     */
    int folders(byte[] path, Consumer<String> sink) {
        return listing.of(path, (folder, type, name) -> {
            if (type == LibC.DT_DIR || type == LibC.DT_UNKNOWN) {
                sink.accept(name);
            }
        });
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
