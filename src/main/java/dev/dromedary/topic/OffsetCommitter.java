package dev.dromedary.topic;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.deadletter.DeadLetters;
import org.apache.camel.Exchange;

/** When an agent is done with records: once what they owe has arrived, or is on disk. */
public final class OffsetCommitter {

    private static final long MOMENT_MILLIS = 2000;

    private final Backlog backlog;
    private final DeadLetters deadLetters;

    /** @param backlog into which the records have gone */
    public OffsetCommitter(Backlog backlog, DeadLetters deadLetters) {
        this.backlog = backlog;
        this.deadLetters = deadLetters;
    }

    /**
     * Waits until all that is owed has arrived, for two seconds at most; then until it is on disk. Meanwhile more records
     * gather, and are carried together.
     *
     * @throws InterruptedException if the program ends before; then the records are read once more by the next
     */
    public void await(Exchange exchange) throws InterruptedException {
        while (!backlog.awaitSafe(MOMENT_MILLIS)
                && !deadLetters.save(backlog, Long.MAX_VALUE, "it waits for a run to end")) {
            // the disk may be full: what is in memory alone is not done with
            if (exchange.getContext().isStopping()) {
                throw new InterruptedException("the program ends");
            }
        }
    }
}
