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

/** Sends the changes reported by {@link SourceWatch} down the route, on the watching thread, and provides its health check. */
public final class InotifyConsumer extends DefaultConsumer implements SourceWatch.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(InotifyConsumer.class);

    private final InotifyFileWatchEndpoint endpoint;
    private SourceWatch watch;
    private ExecutorService thread;
    /** The maximum number of unwatched folders that are listed by name, because there may be very many. */
    public static final int MOST_NAMED = 1000;

    /** The maximum number of files being written that are listed by name, because they are looked up for each window. */
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

    /** {@return the kernel's mechanism by which the source is watched: inotify or fanotify; null if it is not watched now} */
    public String by() {
        return watch.by();
    }

    /** {@return the number of watched folders; null if whole file systems are watched, and the folders are not counted} */
    public Integer folders() {
        return watch.countsFolders() ? watch.watched() : null;
    }

    /** {@return the number of folders that should be watched and are not} */
    public int unwatched() {
        return watch.unwatched();
    }

    /** {@return some of these folders with the reasons, by their paths in the source; those below them are not listed} */
    public Map<String, String> notWatched() {
        return watch.notWatched();
    }

    /** {@return some of the files that are open and were written since they were last sent, by their paths in the source} */
    public Set<String> beingWritten() {
        return watch.beingWritten();
    }

    /** {@return the number of events that the kernel has reported} */
    public long events() {
        return watch.events();
    }

    /** {@return the time of the watch's last heartbeat; null if there was none yet} */
    public Instant lastCookie() {
        return watch.lastCookie();
    }

    /**
     * Sends a marker down the route, after all changes made in the source before this call. Thread-safe. That may take long, for example
     * until a missing source is back, and the marker is lost if the route is stopped before.
     */
    public void mark(FlushMarker marker) {
        watch.mark(marker);
    }

    /** {@return the number of overflows of the kernel's event queue} */
    public long overflows() {
        return watch.overflows();
    }

    /** {@return why the source is not in its usual state; null if it is} */
    public String fault() {
        return watch.fault();
    }

    /**
     * Returns why the watch makes no progress, for people: its thread has ended, or hangs in the program. Waiting for the kernel does not
     * count as stuck, because that depends on the file system. Thread-safe.
     *
     * @param patienceNanos how long it may be overdue
     * @return null if it makes progress
     */
    public String stuck(long patienceNanos) {
        String why = watch == null ? null : watch.stuck(patienceNanos);
        return why == null ? null : getRouteId() + ": the watch of " + endpoint.getPath() + " is stuck, " + why;
    }

    /** {@return whether every folder of the source is watched} */
    public boolean whole() {
        return watch != null && watch.whole();
    }
}
