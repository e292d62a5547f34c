package dev.dromedary.watch;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.RawPath;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.file.watch.FileWatchConstants;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what {@link SourceWatch} tells down the route, on the watching thread, and answers for its health. */
public final class InotifyConsumer extends DefaultConsumer implements SourceWatch.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(InotifyConsumer.class);

    private final InotifyFileWatchEndpoint endpoint;
    private SourceWatch watch;
    private ExecutorService thread;
    private WatchHealthCheck health;

    InotifyConsumer(InotifyFileWatchEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        watch = new SourceWatch(RawPath.of(Path.of(endpoint.getPath())), endpoint.getFilter(), endpoint.getWindow(),
                endpoint.getSettle(), endpoint.getMaxDelay(), this);
        health = new WatchHealthCheck(getRouteId(), endpoint.getPath(), watch);
        HealthCheckRegistry registry = HealthCheckRegistry.get(endpoint.getCamelContext());
        if (registry != null) {
            registry.register(health);
        }
        thread = endpoint.getCamelContext().getExecutorServiceManager().newSingleThreadExecutor(this, getRouteId());
        thread.execute(watch);
    }

    @Override
    protected void doStop() throws Exception {
        watch.stop();
        endpoint.getCamelContext().getExecutorServiceManager().shutdownGraceful(thread);
        watch.close();
        HealthCheckRegistry registry = HealthCheckRegistry.get(endpoint.getCamelContext());
        if (registry != null) {
            registry.unregister(health);
        }
        super.doStop();
    }

    @Override
    public boolean watching(ChangeSet wholeTree) {
        LOG.info("{}: {} folders of {} are watched", getRouteId(), watch.watched(), endpoint.getPath());
        return send(wholeTree, true, InotifyFileWatchEndpoint.WATCHING);
    }

    @Override
    public boolean changed(ChangeSet changes, boolean last) {
        return send(changes, last, null);
    }

    private boolean send(ChangeSet changes, boolean last, String event) {
        Exchange exchange = createExchange(false);
        exchange.getIn().setBody(changes);
        exchange.getIn().setHeader(FileWatchConstants.EVENT_TYPE_HEADER, event);
        exchange.setProperty(InotifyFileWatchEndpoint.WINDOW_COMPLETE, last);
        try {
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        Exception failure = exchange.getException();
        releaseExchange(exchange, false);
        if (failure != null) {
            getExceptionHandler().handleException("What changed in " + endpoint.getPath()
                    + " could not be handed on and is kept; it is tried again in a second", failure);
        }
        return failure == null;
    }

    /** How many folders are watched. */
    public int watched() {
        return watch.watched();
    }

    /** How many folders are not. */
    public int unwatched() {
        return watch.unwatched();
    }

    /** Whether every folder of the source is watched. */
    public boolean whole() {
        return watch != null && watch.whole();
    }
}
