package dev.dromedary.mount;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import com.sun.jna.Memory;
import com.sun.jna.Native;

/**
 * Detects whether something was mounted or unmounted since the last call, by poll(2) on a file that stays open (proc(5), /proc/pid/mounts).
 * Reading the table each time takes a tenth of a millisecond, and more if many containers run. Thread-safe.
 */
final class MountChanges {

    // fcntl.h and poll.h, the same on every Linux
    private static final int O_CLOEXEC = 0x80000;
    private static final short POLLPRI = 2;

    private final Memory pollfd;

    private MountChanges(Memory pollfd) {
        this.pollfd = pollfd;
    }

    /** {@return an instance that asks the kernel, or one that always reports a possible change if the kernel can't be asked} */
    static MountChanges of(Path mountinfo) {
        try {
            int file = Calls.open((mountinfo + "\0").getBytes(StandardCharsets.US_ASCII), O_CLOEXEC);
            if (file < 0) {
                return new MountChanges(null);
            }
            Memory pollfd = new Memory(8);
            pollfd.clear();
            pollfd.setInt(0, file);
            pollfd.setShort(4, POLLPRI);
            return new MountChanges(pollfd);
        } catch (LinkageError e) {
            // JNA may not be able to run its library here; the watch reports it, and the workaround
            return new MountChanges(null);
        }
    }

    /** {@return whether something may have changed since the last call, or since this object was created} */
    synchronized boolean take() {
        return pollfd == null || Calls.poll(pollfd, 1, 0) != 0;
    }

    /** {@return whether {@link #take} tells of changes alone} */
    boolean isCertain() {
        return pollfd != null;
    }

    private static final class Calls {

        static {
            Native.register(Calls.class, "c");
        }

        static native int open(byte[] path, int flags);

        static native int poll(Memory pollfds, long count, int timeoutMillis);
    }
}
