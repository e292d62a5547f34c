package dev.dromedary.topic;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.deadletter.DeadLetters;
import org.apache.camel.Exchange;

/** Decides when an agent may commit records: once their changes have arrived, or are on disk. */
public final class OffsetCommitter {

    private static final long MOMENT_MILLIS = 2000;

    private final Backlog backlog;
    private final DeadLetters deadLetters;

    /** @param backlog the backlog that the records were added to */
    public OffsetCommitter(Backlog backlog, DeadLetters deadLetters) {
        this.backlog = backlog;
        this.deadLetters = deadLetters;
    }

    /**
     * Waits until all pending changes have arrived, for two seconds at most; then until they are on disk. Meanwhile more records gather,
     * and are processed together.
     *
     * @throws InterruptedException if the program ends before; the next process then reads the records again
     */
    public void await(Exchange exchange) throws InterruptedException {
        while (!backlog.awaitSafe(MOMENT_MILLIS)
                && !deadLetters.save(backlog, Long.MAX_VALUE, "it waits for a run to end")) {
            // the disk may be full: changes that are only in memory must not be committed
            if (exchange.getContext().isStopping()) {
                throw new InterruptedException("the program ends");
            }
        }
    }
}
