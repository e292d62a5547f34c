package dev.dromedary.watch;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.FlushMarker;
import dev.dromedary.log.LogContext;
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
    /** How many of the folders that are not watched are known by name; there may be very many. */
    public static final int MOST_NAMED = 1000;

    /** How many of the files that are being written are known by name: that is looked up for each window. */
    public static final int MOST_OPEN_NAMED = 50;

    private WatchHealthCheck health;

    InotifyConsumer(InotifyFileWatchEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        watch = new SourceWatch(endpoint.root(), endpoint.options(), this);
        health = new WatchHealthCheck(getRouteId(), endpoint.getPath(), watch);
        HealthCheckRegistry registry = HealthCheckRegistry.get(endpoint.getCamelContext());
        if (registry != null && !endpoint.isOfTarget()) {
            registry.register(health);
        }
        thread = endpoint.getCamelContext().getExecutorServiceManager().newSingleThreadExecutor(this, getRouteId());
        thread.execute(this::watch);
    }

    private void watch() {
        LogContext.mirror(getRouteId().replaceFirst("^watch-", ""));
        watch.run();
    }

    @Override
    protected void doStop() throws Exception {
        watch.stop();
        endpoint.getCamelContext().getExecutorServiceManager().shutdownGraceful(thread);
        HealthCheckRegistry registry = HealthCheckRegistry.get(endpoint.getCamelContext());
        if (registry != null && !endpoint.isOfTarget()) {
            registry.unregister(health);
        }
        super.doStop();
    }

    @Override
    public boolean watching(ChangeSet wholeTree, boolean again) {
        if (watch.by() == null) {
            LOG.info("{}: {} is not watched, but compared now and then", getRouteId(), endpoint.getPath());
        } else {
            LOG.info("{}: {} is watched{} by {}, {}: {}", getRouteId(), endpoint.getPath(), again ? " again" : "", watch.by(),
                    watch.countsFolders() ? "folders" : "file systems", watch.watched());
        }
        return send(wholeTree, true,
                again ? InotifyFileWatchEndpoint.WATCHING_AGAIN : InotifyFileWatchEndpoint.WATCHING);
    }

    @Override
    public boolean lost(String reason) {
        if (endpoint.isOfTarget()) {
            LOG.warn("{}: {}. What others change there is not seen until it is back", getRouteId(), reason);
            return send(reason, true, InotifyFileWatchEndpoint.LOST);
        }
        LOG.error("{}: HALTED, as the source is gone: {}. Nothing is deleted at any target; it goes on by itself when the"
                + " source is back", getRouteId(), reason);
        return send(reason, true, InotifyFileWatchEndpoint.LOST);
    }

    @Override
    public boolean changed(ChangeSet changes, boolean last) {
        return send(changes, last, null);
    }

    private boolean send(Object body, boolean last, String event) {
        Exchange exchange = createExchange(false);
        exchange.getIn().setBody(body);
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

    /** By which of the kernel's ways the source is watched: inotify or fanotify; null if it is not watched just now. */
    public String by() {
        return watch.by();
    }

    /** How many folders are watched; null where file systems are watched as wholes, so that nobody counts them. */
    public Integer folders() {
        return watch.countsFolders() ? watch.watched() : null;
    }

    /** How many folders are not. */
    public int unwatched() {
        return watch.unwatched();
    }

    /** Some of them, by their paths in the source, and why, in plain words; those below them are not named. */
    public Map<String, String> notWatched() {
        return watch.notWatched();
    }

    /** Files that are open and were written since they were last sent, the first of them, by their paths in the source. */
    public Set<String> beingWritten() {
        return watch.beingWritten();
    }

    /** How many events the kernel has told of. */
    public long events() {
        return watch.events();
    }

    /** When the watch last proved that it is alive; null if it has not yet. */
    public Instant lastCookie() {
        return watch.lastCookie();
    }

    /**
     * Sends a marker down the route, behind all that was changed in the source before this call; for any thread. That may take long, such as
     * until a source that is gone is back, and it may be lost if the route is stopped before.
     */
    public void mark(FlushMarker marker) {
        watch.mark(marker);
    }

    /** How often the kernel's queue of events ran over. */
    public long overflows() {
        return watch.overflows();
    }

    /** Why the source is not what it was; null if it is. */
    public String fault() {
        return watch.fault();
    }

    /**
     * Why nothing more is to be expected of the watch, for people: its thread has ended, or stands still in the program. One
     * that waits for the kernel is not meant, as that is up to the file system. For any thread.
     *
     * @param patienceNanos how long it may be overdue
     * @return null if it gets on
     */
    public String stuck(long patienceNanos) {
        String why = watch == null ? null : watch.stuck(patienceNanos);
        return why == null ? null : getRouteId() + ": the watch of " + endpoint.getPath() + " is stuck, " + why;
    }

    /** Whether every folder of the source is watched. */
    public boolean whole() {
        return watch != null && watch.whole();
    }
}
