package dev.dromedary.change;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what a target is owed down the route, one message at a time on a thread of its own; while one is under way, the
 * next gathers. A message that ends without an exception has arrived, or was kept by the dead letter channel.
 */
final class BacklogConsumer extends DefaultConsumer implements ShutdownAware {

    private static final Logger LOG = LoggerFactory.getLogger(BacklogConsumer.class);
    private static final long AGAIN_AFTER_SECONDS = 1;

    private final Backlog backlog;
    private final Set<Lane> lanes;
    private ExecutorService thread;
    private volatile boolean busy;
    private volatile boolean failing;

    BacklogConsumer(BacklogEndpoint endpoint, Processor processor, Backlog backlog) {
        super(endpoint, processor);
        this.backlog = backlog;
        this.lanes = endpoint.lanes();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        thread = getEndpoint().getCamelContext().getExecutorServiceManager().newSingleThreadExecutor(this,
                getRouteId());
        thread.execute(this::carry);
    }

    @Override
    protected void doStop() throws Exception {
        // ends the wait for changes, and a run that did not end by itself in the time for a graceful stop
        getEndpoint().getCamelContext().getExecutorServiceManager().shutdownNow(thread);
        thread.awaitTermination(2, TimeUnit.SECONDS);
        super.doStop();
    }

    private void carry() {
        try {
            while (isRunAllowed()) {
                Run run = backlog.take(lanes);
                busy = true;
                Outcome outcome = Outcome.FAILED;
                try {
                    outcome = send(run);
                } finally {
                    switch (outcome) {
                        case ARRIVED -> backlog.arrived(run);
                        case KEPT -> backlog.kept(run);
                        default -> backlog.failed(run);
                    }
                    failing = outcome == Outcome.FAILED;
                    busy = false;
                }
                if (failing) {
                    TimeUnit.SECONDS.sleep(AGAIN_AFTER_SECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private enum Outcome {
        ARRIVED, KEPT, FAILED
    }

    private Outcome send(Run run) {
        Exchange exchange = createExchange(false);
        exchange.getIn().setBody(run.changes());
        exchange.setProperty(BacklogEndpoint.TARGET, backlog.id());
        exchange.setProperty(BacklogEndpoint.LANE, run.lane().name().toLowerCase(Locale.ROOT));
        try {
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        Exception failure = exchange.getException();
        if (exchange.getProperty(BacklogEndpoint.CUT_OFF, false, Boolean.class)) {
            run.changes().cutOff(true);
        }
        String halt = exchange.getProperty(BacklogEndpoint.HALT, String.class);
        if (halt != null) {
            backlog.halt("rsync", halt);
            LOG.error("{}: HALTED, nothing more is carried: {}", backlog.id(), halt);
        }
        boolean kept = halt != null || exchange.getExchangeExtension().isFailureHandled();
        if (failure == null && run.lane() == Lane.BULK && !kept) {
            LOG.info("{}: in line with its source", backlog.id());
        }
        releaseExchange(exchange, false);
        if (failure != null && isRunAllowed() && !isStopping()) {
            getExceptionHandler().handleException(backlog.id() + ": what is owed could not be carried and stays owed",
                    failure);
        }
        return failure != null ? Outcome.FAILED : kept ? Outcome.KEPT : Outcome.ARRIVED;
    }

    /** What is owed is carried before a stop, as long as that works and the time for it lasts. */
    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        return true;
    }

    @Override
    public int getPendingExchangesSize() {
        return busy || !failing && !backlog.isIdle(lanes) ? 1 : 0;
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // nothing to prepare: doStop ends the thread
    }
}
