package dev.dromedary.watch;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import dev.dromedary.mount.MountTable;

/**
 * Waits with poll(2) until an event queue of the kernel is readable, until {@link #wake}, or until something is mounted or unmounted. One
 * thread waits; any thread may wake it.
 */
final class EventQueueSelector implements AutoCloseable {

    private static final long MICROS = 1_000_000;

    private final int[] wakePipe = new int[2];
    private final int mounts;
    private final Memory pollfds = new Memory(24);
    // struct timespec: seconds and nanoseconds, 8 bytes each
    private final Memory timespec = new Memory(16);
    private final Memory woken = new Memory(64);
    private boolean mountsChanged;
    private boolean closed;

    /**
     * @param queue the descriptor, which is still closed by the caller
     * @throws IOException if no pipe can be created
     */
    EventQueueSelector(int queue) throws IOException {
        if (LibC.pipe2(wakePipe, LibC.IN_NONBLOCK | LibC.IN_CLOEXEC) != 0) {
            throw new IOException("no pipe to be had (errno " + Native.getLastError() + ")");
        }
        // can't be opened outside of Linux's /proc; poll(2) then ignores it
        mounts = LibC.open(LibC.cString(MountTable.FILE.toString()), LibC.O_RDONLY | LibC.O_CLOEXEC);
        pollfds.clear();
        timespec.clear();
        pollfds.setInt(0, queue);
        pollfds.setShort(4, LibC.POLLIN);
        pollfds.setInt(8, wakePipe[0]);
        pollfds.setShort(12, LibC.POLLIN);
        pollfds.setInt(16, mounts);
        pollfds.setShort(20, LibC.POLLPRI);
    }

    /**
     * Waits.
     *
     * @param millis the maximum time; -1 for no limit
     * @return whether the queue is readable
     */
    boolean await(int millis) {
        return LibC.poll(pollfds, 3, millis) > 0 && isReady();
    }

    /** Waits with a finer clock, for at most the given number of microseconds. */
    boolean awaitMicros(long micros) {
        timespec.setLong(0, micros / MICROS);
        timespec.setLong(8, TimeUnit.MICROSECONDS.toNanos(micros % MICROS));
        return LibC.ppoll(pollfds, 3, timespec, null) > 0 && isReady();
    }

    private boolean isReady() {
        mountsChanged |= pollfds.getShort(22) != 0;
        if (pollfds.getShort(14) != 0) {
            LibC.read(wakePipe[0], woken, woken.size());
        }
        return pollfds.getShort(6) != 0;
    }

    /** {@return whether something was mounted or unmounted on this machine since the last call} {@link #await} must have been called before. */
    boolean takeMountsChanged() {
        boolean changed = mountsChanged;
        mountsChanged = false;
        return changed;
    }

    /** Ends {@link #await} in the waiting thread, now or at its next call. */
    synchronized void wake() {
        if (!closed) {
            LibC.write(wakePipe[1], new byte[1], 1);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            LibC.close(wakePipe[0]);
            LibC.close(wakePipe[1]);
            if (mounts >= 0) {
                LibC.close(mounts);
            }
        }
    }
}
