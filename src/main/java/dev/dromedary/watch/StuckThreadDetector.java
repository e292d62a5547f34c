package dev.dromedary.watch;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds out whether a thread gets on: it says when it will be back at the latest, and others ask whether it was. A thread that waits for
 * the kernel is not stuck. For several threads.
 */
final class StuckThreadDetector {

    private volatile Thread thread;
    private volatile long expectedNanos;

    /** The calling thread is the one that is looked at from now on. */
    void begin() {
        expectedNanos = System.nanoTime();
        thread = Thread.currentThread();
    }

    /** It will be back in so many milliseconds at the latest. */
    void expectIn(long millis) {
        expectedNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** How many nanoseconds there are until then. */
    long nanosLeft() {
        return expectedNanos - System.nanoTime();
    }

    /**
     * {@return why the thread does not get on; null if it does, or has not begun}
     *
     * @param patienceNanos how late it may be
     * @param lastWork      when it last got something done, by {@link System#nanoTime}
     */
    String stuck(long patienceNanos, OptionalLong lastWork) {
        Thread watched = thread;
        if (watched == null) {
            return null;
        }
        if (!watched.isAlive()) {
            return "its thread has ended";
        }
        long now = System.nanoTime();
        if (now - expectedNanos < patienceNanos || lastWork.isPresent() && now - lastWork.getAsLong() < patienceNanos) {
            return null;
        }
        StackTraceElement[] at = watched.getStackTrace();
        boolean inKernel = watched.getState() == Thread.State.RUNNABLE && at.length > 0 && at[0].isNativeMethod();
        return inKernel ? null : "its thread stands still at " + Stream.of(at).map(StackTraceElement::toString)
                .collect(Collectors.joining(" < "));
    }
}
