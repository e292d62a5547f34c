package dev.dromedary.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** Decides which requests are held until they can be answered, and for how long. A bean of this type is looked up for it. */
public interface LongPollDecider {

    /** Header of a held request: the token of its {@link Hold}. */
    String TOKEN = "X-Dromedary-Wait";

    /**
     * A held request.
     *
     * @param token identifies the request for the route that answers it
     * @param until completes when the request continues
     * @param most  maximum time until it continues anyway
     */
    record Hold(String token, CompletableFuture<Void> until, Duration most) {
    }

    /**
     * Handles a new request; called by a thread that may block.
     *
     * @param mirror the mirror in its path
     * @param query  returns its parameters by name; null for one that is missing
     * @return null if the request continues at once
     */
    Hold begin(String mirror, UnaryOperator<String> query);
}
