package common;

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Measures how long {@link SequencedContent} takes to arrive at a target, in a thread of its own. */
public final class LagProbe implements AutoCloseable {

    private record Pending(File target, long number, long start) {
    }

    private final Queue<Pending> added = new ConcurrentLinkedQueue<>();
    private final Queue<Long> lags = new ConcurrentLinkedQueue<>();
    private final AtomicInteger expected = new AtomicInteger();
    private final long leastPause;
    private volatile boolean closed;

    /** @param leastPause between two looks at what is pending */
    public LagProbe(Duration leastPause) {
        this.leastPause = leastPause.toNanos();
        Thread thread = new Thread(this::poll, "lag-probe");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Expects a content.
     *
     * @param target the file it arrives in
     * @param number its number; a later one counts, too
     * @param start {@link System#nanoTime()} before it was written to the source
     */
    public void expect(File target, long number, long start) {
        expected.incrementAndGet();
        added.add(new Pending(target, number, start));
    }

    private void poll() {
        List<Pending> pending = new ArrayList<>();
        while (!closed) {
            long now = System.nanoTime();
            for (Pending next; (next = added.poll()) != null; ) {
                pending.add(next);
            }
            pending.removeIf(next -> {
                if (SequencedContent.number(next.target) < next.number) {
                    return false;
                }
                lags.add(System.nanoTime() - next.start);
                return true;
            });
            // at most a fifth of a processor, however much is pending
            LockSupport.parkNanos(Math.max(leastPause, 4 * (System.nanoTime() - now)));
        }
    }

    /** {@return whether all that was expected has arrived} */
    public boolean isComplete() {
        return lags.size() >= expected.get();
    }

    /** {@return the lags so far, in nanoseconds} */
    public List<Long> lags() {
        return List.copyOf(lags);
    }

    @Override
    public void close() {
        closed = true;
    }
}
