package dev.dromedary.backlog;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.dromedary.change.ChangeSet;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a target's pending changes; while one message is in flight, the next gathers. What a message did not transfer is either kept by the
 * dead letter channel, or stays in the backlog.
 */
final class TransferRunConsumer extends BacklogConsumer implements ShutdownAware {

    private static final Logger LOG = LoggerFactory.getLogger(TransferRunConsumer.class);

    private static final long SAY_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Set<TransferClass> lanes;
    private long saidNanos;
    private volatile boolean busy;
    private volatile boolean failing;
    private volatile boolean ending;

    TransferRunConsumer(BacklogEndpoint endpoint, Processor processor, Backlog backlog, Set<TransferClass> lanes) {
        super(endpoint, processor, backlog);
        this.lanes = lanes;
    }

    @Override
    void next() throws InterruptedException {
        TransferRun taken = backlog().take(lanes);
        // finding the large files of a whole tree takes seconds, and rsync skips them by itself
        boolean whole = taken.changes().isWholeTree();
        FutureTask<Void> walk = whole && !backlog().largeAfterTree() ? beside(() -> backlog().enqueueLarge(taken)) : null;
        TransferRun run = whole ? taken : backlog().setApart(taken);
        if (run.changes().isEmpty()) {
            return;
        }
        busy = true;
        boolean ended = false;
        try {
            Sent sent = send(run);
            if (walk != null) {
                await(walk);
            } else if (whole && (sent.outcome() == RunOutcome.ARRIVED || sent.outcome() == RunOutcome.PARTLY)) {
                backlog().enqueueLarge(run);
            }
            end(run, sent);
            ended = true;
            releaseExchange(sent.exchange(), false);
        } finally {
            if (!ended) {
                backlog().failed(run);
            }
            busy = false;
        }
        if (failing) {
            TimeUnit.SECONDS.sleep(AGAIN_AFTER_SECONDS);
        }
    }

    private FutureTask<Void> beside(Runnable what) {
        FutureTask<Void> task = new FutureTask<>(what, null);
        Thread thread = new Thread(task, "large-files-" + backlog().id());
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static void await(FutureTask<Void> task) throws InterruptedException {
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the large files could not be looked for", e.getCause());
        }
    }

    private void end(TransferRun run, Sent sent) {
        RunOutcome outcome = sent.outcome();
        if (sent.exchange().getProperty(BacklogEndpoint.CUT_OFF, false, Boolean.class)) {
            run.changes().cutOff(true);
        }
        String halt = sent.exchange().getProperty(BacklogEndpoint.HALT, String.class);
        if (halt != null) {
            backlog().halt(sent.exchange().getProperty(BacklogEndpoint.HALTED_BY, BacklogEndpoint.BY_RUN, String.class), halt);
            LOG.error("{}: HALTED, nothing more is sent: {}", backlog().id(), halt);
        } else if (outcome != RunOutcome.ARRIVED && outcome != RunOutcome.PARTLY && isRunAllowed() && !isStopping()) {
            // a path that has failed before may itself be the cause
            pause(outcome, sent.reason(), run.replay() && outcome == RunOutcome.AWAY);
        }
        if (outcome == RunOutcome.PARTLY) {
            backlog().partly(sent.reason());
        }
        if (sent.again() != null && !sent.again().isEmpty()) {
            backlog().add(sent.again());
        }
        DeferredChanges followUp = DeferredChanges.of(sent.exchange(), outcome);
        backlog().follow(followUp);
        // a step that somebody has added to a route may end it without an exception and without keeping the changes
        failing = sent.failure() != null || outcome != RunOutcome.ARRIVED && outcome != RunOutcome.BUSY && !sent.kept();
        if (outcome == RunOutcome.BUSY && !sent.kept()) {
            backlog().failed(run);
        } else if (failing) {
            backlog().failed(run);
            long now = System.nanoTime();
            // whoever interrupts it, such as a pair that lost its lead, ends it on purpose
            boolean ended = sent.failure() instanceof InterruptedException || !isRunAllowed() || isStopping();
            if (!ended && (saidNanos == 0 || now - saidNanos > SAY_AGAIN_NANOS)) {
                saidNanos = now;
                LOG.error("{}: the pending changes could neither be sent nor kept on disk, and stay in memory", backlog().id(),
                        sent.failure());
            }
        } else if (outcome == RunOutcome.ARRIVED || outcome == RunOutcome.PARTLY) {
            sayBack(backlog().arrived(run, left(run, sent), followUp));
            if (outcome == RunOutcome.ARRIVED && run.lane() == TransferClass.BULK && !run.replay() && (sent.again() == null || sent.again().isEmpty())) {
                LOG.info("{}: in line with its source", backlog().id());
            }
        } else {
            backlog().kept(run);
        }
    }

    // a hook that holds may fail after all has arrived: the changes count as arrived with the next attempt
    private static ChangeSet left(TransferRun run, Sent sent) {
        if (sent.kept() && sent.outcome() == RunOutcome.ARRIVED) {
            return run.changes();
        }
        ChangeSet left = new ChangeSet();
        for (ChangeSet part : Arrays.asList(sent.again(), sent.exchange().getProperty(BacklogEndpoint.PARKED, ChangeSet.class))) {
            if (part != null) {
                part.forEach(left::add);
            }
        }
        return left;
    }

    /** Lets pending changes be sent before a stop, as long as sending works and the shutdown timeout allows. */
    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        return true;
    }

    @Override
    public int getPendingExchangesSize() {
        return busy || !ending && !failing && !backlog().isIdle(lanes) ? 1 : 0;
    }

    /** Leaves pending changes to other routes only if this route alone is stopped. */
    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        ending = !getEndpoint().getCamelContext().isStopping();
    }

    @Override
    boolean goesOn() {
        return super.goesOn() && !ending;
    }
}
