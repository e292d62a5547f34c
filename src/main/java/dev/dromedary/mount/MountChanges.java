package dev.dromedary.mount;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import com.sun.jna.Memory;
import com.sun.jna.Native;

/**
 * Whether something was mounted or unmounted since the last question, by poll(2) on a file that stays open (proc(5), /proc/pid/mounts). To
 * read the table each time takes a tenth of a millisecond, and more where many containers run. Safe for use by several threads.
 */
final class MountChanges {

    // fcntl.h and poll.h, the same on every Linux
    private static final int O_CLOEXEC = 0x80000;
    private static final short POLLPRI = 2;

    private final Memory pollfd;

    private MountChanges(Memory pollfd) {
        this.pollfd = pollfd;
    }

    /** {@return one that asks the kernel; where that can't be asked, one that is never certain} */
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
            // JNA may not run its library here; the watch says so, and what to do
            return new MountChanges(null);
        }
    }

    /** Whether it is not certain that nothing has changed since the last call, or since this was made. */
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
