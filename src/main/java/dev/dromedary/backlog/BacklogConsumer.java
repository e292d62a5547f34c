package dev.dromedary.backlog;

import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.log.LogContext;
import dev.dromedary.log.Redaction;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what a backlog hands out down the route, one message at a time on a thread of its own. */
abstract class BacklogConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(BacklogConsumer.class);
    private static final long END_WITHIN_SECONDS = 5;
    static final long AGAIN_AFTER_SECONDS = 1;

    private final Backlog backlog;
    private ExecutorService thread;

    BacklogConsumer(BacklogEndpoint endpoint, Processor processor, Backlog backlog) {
        super(endpoint, processor);
        this.backlog = backlog;
    }

    /** Waits for the next item, and sends it. */
    abstract void next() throws InterruptedException;

    boolean goesOn() {
        return isRunAllowed();
    }

    final Backlog backlog() {
        return backlog;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        // a consumer that camel-master has created belongs to no route
        String name = getRouteId() != null ? getRouteId() : getEndpoint().getEndpointUri();
        thread = getEndpoint().getCamelContext().getExecutorServiceManager().newSingleThreadExecutor(this, name);
        thread.execute(this::carry);
    }

    @Override
    protected void doStop() throws Exception {
        // ends the wait for the next item, and a run that did not end within the time for a graceful stop
        getEndpoint().getCamelContext().getExecutorServiceManager().shutdownNow(thread);
        thread.awaitTermination(END_WITHIN_SECONDS, TimeUnit.SECONDS);
        super.doStop();
    }

    private void carry() {
        LogContext.target(backlog.id());
        try {
            while (goesOn()) {
                try {
                    next();
                } catch (RuntimeException e) {
                    // a lane that nobody serves any more would be worse than one that retries in vain
                    LOG.error("{}: a run failed in a way that was not foreseen; its changes stay pending and are tried again",
                            backlog.id(), e);
                    TimeUnit.SECONDS.sleep(AGAIN_AFTER_SECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The result of one message. */
    record Sent(Exchange exchange, Exception failure, boolean handled) {

        /** AWAY if it failed and the route has set no outcome. */
        RunOutcome outcome() {
            String outcome = exchange.getProperty(BacklogEndpoint.OUTCOME, String.class);
            return outcome != null ? RunOutcome.named(outcome)
                    : failure == null && !handled ? RunOutcome.ARRIVED : RunOutcome.AWAY;
        }

        String reason() {
            String reason = exchange.getProperty(BacklogEndpoint.REASON, String.class);
            Throwable cause = failure != null ? failure : exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
            // the wrapper's own message names only the exchange
            while (cause instanceof CamelExecutionException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            return Redaction.of(reason != null ? reason : cause != null && cause.getMessage() != null ? cause.getMessage()
                    : String.valueOf(cause));
        }

        boolean kept() {
            return exchange.getProperty(BacklogEndpoint.KEPT, false, Boolean.class);
        }

        ChangeSet again() {
            return exchange.getProperty(BacklogEndpoint.AGAIN, ChangeSet.class);
        }
    }

    final Sent send(TransferRun run) {
        Exchange exchange = createExchange(false);
        exchange.getIn().setBody(run.changes());
        exchange.setProperty(BacklogEndpoint.TARGET, backlog.id());
        exchange.setProperty(BacklogEndpoint.LANE, run.way());
        exchange.setProperty(BacklogEndpoint.TREES, run.lane() == TransferClass.BULK);
        exchange.setProperty(BacklogEndpoint.REPLAY, run.replay());
        try {
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        return new Sent(exchange, exchange.getException(), exchange.getExchangeExtension().isFailureHandled());
    }

    /** Pauses the target, and logs when a pause begins and when its reason changes. */
    final void pause(RunOutcome kind, String reason, boolean atOnce) {
        backlog.pause(kind, reason, atOnce).ifPresent(pause -> {
            String again = inSeconds(pause.next() - SteadyClock.millis());
            if (kind == RunOutcome.BUSY) {
                LOG.info("{}: {}; asked again in {}", backlog.id(), reason, again);
            } else {
                LOG.warn("{}: {}: {}. Changes are kept, and the target is asked again in {}", backlog.id(), kind, reason, again);
            }
        });
    }

    /** Logs that the target is back, if it was away. */
    final void sayBack(TargetOutage was) {
        if (was != null && was.attempts() > 0 && was.kind() != RunOutcome.BUSY) {
            LOG.info("{}: back after {} and {}", backlog.id(), inSeconds(SteadyClock.millis() - was.since()),
                    was.attempts() + (was.attempts() == 1 ? " attempt" : " attempts"));
        }
    }

    private static String inSeconds(long millis) {
        return millis < 10_000 ? String.format(Locale.ROOT, "%.1f s", Math.max(0, millis) / 1000.0)
                : millis / 1000 + " s";
    }
}
