package dev.dromedary.watch;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

import com.sun.jna.Memory;
import com.sun.jna.Native;

/**
 * One inotify instance (inotify(7)), for one thread. Names are raw bytes.
 */
final class Inotify implements AutoCloseable {

    /** An event as the kernel says it; name is null for what happened to the watched folder itself. */
    record Event(int watch, int mask, int cookie, String name) {
        boolean is(int bits) {
            return (mask & bits) != 0;
        }
    }

    private static final int MASK = LibC.IN_ATTRIB | LibC.IN_MODIFY | LibC.IN_CLOSE_WRITE | LibC.IN_CREATE
            | LibC.IN_DELETE | LibC.IN_MOVED_FROM | LibC.IN_MOVED_TO | LibC.IN_DELETE_SELF | LibC.IN_MOVE_SELF
            | LibC.IN_ONLYDIR | LibC.IN_DONT_FOLLOW | LibC.IN_EXCL_UNLINK;

    // nothing that is watched already: a folder that has come in the place of the file would lose its own mask
    private static final int FILE_MASK = LibC.IN_MODIFY | LibC.IN_CLOSE_WRITE | LibC.IN_DONT_FOLLOW | LibC.IN_MASK_CREATE;

    // some hundred thousand events; what is too much even so is told of as an overflow
    private static final int MOST_DRAINED = 256;
    // a new folder is watched and listed at once, which takes a hundred times as long as to read an event
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
     * Asks the kernel for one.
     *
     * @throws IOException if it has none, or can't be called; the message says what to do
     */
    static Inotify open() throws IOException {
        try {
            return new Inotify();
        } catch (LinkageError e) {
            // JNA unpacks its library into ~/.cache or /tmp, and has it run from there
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
     * Watches a folder; again is harmless and gives the same number.
     *
     * @return the watch's number; or, below 0, -errno: ENOENT, ENOTDIR or ELOOP if no folder is there any more, ENOSPC if
     *         the limit of watches is reached, EACCES if it may not be read
     */
    int add(byte[] path) {
        int watch = LibC.inotify_add_watch(fd, path, MASK);
        int answer = watch < 0 ? -Native.getLastError() : watch;
        lastAdded = System.nanoTime();
        return answer;
    }

    /**
     * Watches a file for what is written to it, by whatever name it was opened.
     *
     * @return the watch's number; or below 0 if there is none to be had, or what is there has one already
     */
    int addFile(byte[] path) {
        return LibC.inotify_add_watch(fd, path, FILE_MASK);
    }

    /** When {@link #add} was called last, in {@link System#nanoTime}; for any thread. */
    long lastAdded() {
        return lastAdded;
    }

    /** Whether a path is a symbolic link. */
    boolean isLink(byte[] path) {
        return LibC.readlink(path, linkTarget, linkTarget.length) >= 0;
    }

    /**
     * Whether a path, or one of the folders on its way below another folder, is a symbolic link. One call of the kernel for all of
     * them (openat2(2), RESOLVE_NO_SYMLINKS), where it has it and lets us: in a chain of two thousand folders a call for each folder
     * above each would take minutes.
     *
     * @param top  where the way begins; it may be or pass a link
     * @param path from there on
     * @return whether it does; null if the kernel can't say
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

    /** Lets a watch go; one that the kernel let go of already is no error. */
    void remove(int watch) {
        LibC.inotify_rm_watch(fd, watch);
    }

    /** What waits for its events. */
    EventQueueSelector poller() {
        return poller;
    }

    /**
     * Reads some of what the kernel has ready, without waiting, and takes all of it out of the kernel's queue: that has room for so many events
     * ({@code fs.inotify.max_queued_events}), and in the time that it takes to say what some of them mean more may come than it has.
     *
     * @return whether there was anything
     */
    boolean read(Consumer<Event> sink) {
        byte[] oldest = drained.poll();
        long length = oldest == null ? LibC.read(fd, events, events.size()) : oldest.length;
        if (oldest != null) {
            events.write(0, oldest, 0, oldest.length);
        }
        if (length < events.size() / 2 && oldest == null) {
            // as it mostly is
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

    /** Takes out of the kernel's queue what is in there. */
    private void drain() {
        for (long length; drained.size() < MOST_DRAINED && (length = LibC.read(fd, spare, spare.size())) > 0;) {
            drained.add(spare.getByteArray(0, (int) length));
        }
    }

    /** Whether something was taken out of the kernel's queue and not read yet. */
    boolean hasDrained() {
        return !drained.isEmpty();
    }

    /** Reads {@code struct inotify_event} one by one, as inotify(7) has them. */
    static void parse(Memory events, long length, Consumer<Event> sink) {
        for (long at = 0; at < length;) {
            int nameLength = events.getInt(at + 12);
            sink.accept(new Event(events.getInt(at), events.getInt(at + 4), events.getInt(at + 8),
                    nameLength == 0 ? null : DirectoryReader.name(events, at + 16)));
            at += 16 + nameLength;
        }
    }

    /**
     * Lists the names of the folders in a folder, and of what the file system doesn't say whether it is one.
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
