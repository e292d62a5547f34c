package common;

import java.util.concurrent.locks.LockSupport;

/** Times by {@link System#nanoTime()}. */
public final class Timing {

    private Timing() {
    }

    /** {@return the seconds since a time} */
    public static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Waits for a time. */
    public static void waitUntil(long time) {
        for (long left; (left = time - System.nanoTime()) > 0; ) {
            LockSupport.parkNanos(left);
        }
    }
}
