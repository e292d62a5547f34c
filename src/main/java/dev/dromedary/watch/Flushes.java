package dev.dromedary.watch;

import java.util.concurrent.TimeUnit;

/** Those who wait until the watch has told all that was changed before they came. Safe for use by several threads. */
final class Flushes {

    private long asked;
    private long done;

    /** The latest that is waited for; to be asked before the kernel's queue is read. */
    synchronized long asked() {
        return asked;
    }

    /** All up to this one is told. */
    synchronized void done(long upTo) {
        if (upTo > done) {
            done = upTo;
            notifyAll();
        }
    }

    /**
     * Waits.
     *
     * @param wake has the watching thread read the kernel's queue
     * @return whether all is told
     */
    synchronized boolean await(Runnable wake, long millis) throws InterruptedException {
        long mine = ++asked;
        wake.run();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left; done < mine && (left = end - System.nanoTime()) > 0;) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return done >= mine;
    }
}
