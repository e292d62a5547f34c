package dev.dromedary.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/**
 * The default headers of every answer, errors included: the type is plain text and is not guessed, a browser runs and loads nothing from
 * it, and it is not cached. A route may set others.
 */
final class AnswerHeaders {

    private AnswerHeaders() {
    }

    /** Sets them on an answer that has not been sent yet. */
    static void putOn(HttpServerResponse answer) {
        answer.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain;charset=UTF-8")
                .putHeader("X-Content-Type-Options", "nosniff")
                // the directives that default-src does not cover are listed
                .putHeader("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
