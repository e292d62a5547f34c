package dev.dromedary.backlog;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.log.LogContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a message when changes have arrived at all targets of a mirror. One message holds all changes that were added by the time the wait
 * began; those added meanwhile go into the next one. Nobody waits for this consumer.
 */
final class ArrivedEverywhereConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(ArrivedEverywhereConsumer.class);

    /** Up to this many entries are reported one by one; beyond that, as folders. */
    private static final int MOST = 100_000;
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final BacklogEndpoint endpoint;
    private final BacklogComponent component;
    private final String mirror;
    private ExecutorService thread;
    private ChangeSet added = new ChangeSet();

    ArrivedEverywhereConsumer(BacklogEndpoint endpoint, Processor processor, BacklogComponent component, String mirror) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.component = component;
        this.mirror = mirror;
    }

    /** Adds changes that are on their way to all targets; never waits. */
    synchronized void added(ChangeSet changes) {
        changes.forEach(added::add);
        added = added.size() > MOST ? added.fold(MOST / 2) : added;
        notifyAll();
    }

    private synchronized ChangeSet take() throws InterruptedException {
        while (added.isEmpty()) {
            wait();
        }
        ChangeSet taken = added;
        added = new ChangeSet();
        return taken;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        thread = getEndpoint().getCamelContext().getExecutorServiceManager().newSingleThreadExecutor(this, "everywhere-" + mirror);
        component.tell(mirror, this);
        thread.execute(this::tell);
    }

    @Override
    protected void doStop() throws Exception {
        component.tell(mirror, null);
        getEndpoint().getCamelContext().getExecutorServiceManager().shutdownNow(thread);
        super.doStop();
    }

    private void tell() {
        LogContext.mirror(mirror);
        try {
            while (isRunAllowed()) {
                ChangeSet changes = take();
                awaitEverywhere();
                send(changes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitEverywhere() throws InterruptedException {
        while (!haveArrived(endpoint.backlogs())) {
            LOG.debug("{}: its targets are others now", mirror);
            // a target that was closed stays in the list until the reload that closed it has made the new one
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    // false if one of the targets is given up meanwhile
    private static boolean haveArrived(List<Backlog> backlogs) throws InterruptedException {
        List<CompletableFuture<Void>> all = backlogs.stream().map(Backlog::barrier).map(ArrivalBarrier::over).toList();
        try {
            for (CompletableFuture<Void> each : all) {
                each.get();
            }
            return true;
        } catch (CancellationException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            all.forEach(each -> each.cancel(false));
        }
    }

    private void send(ChangeSet changes) {
        Exchange exchange = createExchange(false);
        exchange.getIn().setBody(changes);
        try {
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        if (exchange.getException() != null) {
            getExceptionHandler().handleException(mirror + ": what has arrived everywhere could not be told", exchange.getException());
        }
        releaseExchange(exchange, false);
    }
}
