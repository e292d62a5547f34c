package dev.dromedary.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;

/**
 * The connections of one server: no more than so many, and none that brings no whole request for so long, be it silent, slow
 * to ask or slow to read. Where there are too many, the one goes that has asked for nothing for the longest time, so that
 * those who hold connections keep out nobody.
 */
final class ConnectionLimits {

    private final Vertx vertx;
    private final int most;
    private final Duration patience;
    // each with the timer that will end it; the one that has waited longest comes first
    private final Map<HttpConnection, Long> timers = new LinkedHashMap<>();

    /**
     * @param most     how many there may be
     * @param patience how long one may be without a whole request, from its begin or from the last one
     */
    ConnectionLimits(Vertx vertx, int most, Duration patience) {
        this.vertx = vertx;
        this.most = most;
        this.patience = patience;
    }

    /** Counts a new one in. */
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

    /** One has brought a whole request. */
    synchronized void asked(HttpConnection connection) {
        // not for one that is closed already
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
