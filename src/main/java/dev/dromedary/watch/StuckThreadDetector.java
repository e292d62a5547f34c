package dev.dromedary.watch;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Detects whether a thread makes progress: the thread announces when it will be back at the latest, and others ask whether it was. A thread
 * that waits for the kernel is not stuck. Thread-safe.
 */
final class StuckThreadDetector {

    private volatile Thread thread;
    private volatile long expectedNanos;

    /** Makes the calling thread the monitored one. */
    void begin() {
        expectedNanos = System.nanoTime();
        thread = Thread.currentThread();
    }

    /** Announces that the thread will be back within the given number of milliseconds. */
    void expectIn(long millis) {
        expectedNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** {@return the nanoseconds left until then} */
    long nanosLeft() {
        return expectedNanos - System.nanoTime();
    }

    /**
     * {@return why the thread makes no progress; null if it does, or has not started}
     *
     * @param patienceNanos how late it may be
     * @param lastWork      when it last completed some work, by {@link System#nanoTime}
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
