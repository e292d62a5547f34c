package dev.dromedary.topic;

import java.time.Instant;

import org.apache.camel.util.json.JsonObject;

/**
 * The periodic status of a source, sent even if nothing has changed.
 *
 * @param at           when it was sent, by the clock of the source's owner
 * @param everyMillis  the time until the next one
 * @param halted       why its owner has halted it, in plain words; null if it has not
 * @param pendingSince the moment of the oldest change that is not published yet; null if there is none
 */
record Heartbeat(Instant at, long everyMillis, String halted, Instant pendingSince) {

    static final String KIND = "heartbeat";

    void put(JsonObject head) {
        head.put("kind", KIND);
        head.put("at", at.toString());
        head.put("every", everyMillis);
        head.put("halted", halted);
        head.put("pendingSince", pendingSince == null ? null : pendingSince.toString());
    }

    static Heartbeat of(JsonObject head) {
        String pending = head.getString("pendingSince");
        long every = head.getLongOrDefault("every", 0);
        if (every <= 0) {
            throw new IllegalArgumentException("it does not say when the next one comes");
        }
        return new Heartbeat(Instant.parse(head.getString("at")), every, head.getString("halted"),
                pending == null ? null : Instant.parse(pending));
    }
}
