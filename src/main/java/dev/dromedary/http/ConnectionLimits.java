package dev.dromedary.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;

/**
 * Limits the connections of one server. Their number is limited, and a connection is closed if it sends no whole request for some time,
 * whether it is silent, slow to send or slow to read. If there are too many, the one whose last request is the oldest is closed, so that
 * idle connections lock nobody out.
 */
final class ConnectionLimits {

    private final Vertx vertx;
    private final int most;
    private final Duration patience;
    // each with the timer that will close it; the one that has waited longest comes first
    private final Map<HttpConnection, Long> timers = new LinkedHashMap<>();

    /**
     * @param most     maximum number of connections
     * @param patience how long a connection may be without a whole request, from its start or from its last request
     */
    ConnectionLimits(Vertx vertx, int most, Duration patience) {
        this.vertx = vertx;
        this.most = most;
        this.patience = patience;
    }

    /** Adds a new connection. */
    synchronized void opened(HttpConnection connection) {
        connection.closeHandler(closed -> forget(connection));
        await(connection);
        if (timers.size() > most) {
            HttpConnection longest = timers.keySet().iterator().next();
            // at once: more may come before it has closed
            forget(longest);
            longest.close();
        }
    }

    /** Restarts the timer of a connection that has sent a whole request. */
    synchronized void asked(HttpConnection connection) {
        // not for a connection that is closed already
        if (forget(connection)) {
            await(connection);
        }
    }

    private void await(HttpConnection connection) {
        timers.put(connection, vertx.setTimer(patience.toMillis(), late -> connection.close()));
    }

    private synchronized boolean forget(HttpConnection connection) {
        Long timer = timers.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
        return timer != null;
    }
}
