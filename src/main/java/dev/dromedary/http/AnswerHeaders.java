package dev.dromedary.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/**
 * What every answer carries, errors too, unless what answers says otherwise: a type that is plain text and is not guessed at,
 * a policy by which a browser runs and loads nothing of it, and that it is kept nowhere.
 */
final class AnswerHeaders {

    private AnswerHeaders() {
    }

    /** Puts them upon an answer of which nothing has been sent. */
    static void putOn(HttpServerResponse answer) {
        answer.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain;charset=UTF-8")
                .putHeader("X-Content-Type-Options", "nosniff")
                // what default-src does not stand for is named
                .putHeader("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
