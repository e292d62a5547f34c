package dev.dromedary.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** Says which requests are held up until they can be answered, and for how long; a bean of this type is asked. */
public interface LongPollDecider {

    /** Header of a request that was held up: the token of its {@link Hold}. */
    String TOKEN = "X-Dromedary-Wait";

    /**
     * A request that is held up.
     *
     * @param token by which the route that answers it knows it
     * @param until when it goes on
     * @param most  after how long it goes on in any case
     */
    record Hold(String token, CompletableFuture<Void> until, Duration most) {
    }

    /**
     * A request has come; called by a thread that may wait.
     *
     * @param mirror that its path names
     * @param query  its parameters by name; null for one that it has not
     * @return null if it goes on at once
     */
    Hold begin(String mirror, UnaryOperator<String> query);
}
