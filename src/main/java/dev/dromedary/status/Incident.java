package dev.dromedary.status;

import java.time.Instant;

import org.apache.camel.util.json.JsonObject;

/**
 * A period in which a target was not well, or in which the program did not run.
 *
 * @param mirror null if it concerns the program
 * @param target null if it concerns the program
 * @param state  as shown to people; "stopped" for the program
 * @param from   the start
 * @param until  the end; null while it goes on
 * @param reason the reason; null if none was given
 */
record Incident(String mirror, String target, String state, Instant from, Instant until, String reason) {

    private static final int LONGEST_REASON = 400;

    Incident {
        reason = reason == null || reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "…";
    }

    boolean isOf(String otherMirror, String otherTarget) {
        return otherMirror.equals(mirror) && otherTarget.equals(target);
    }

    Incident ended(Instant at) {
        return new Incident(mirror, target, state, from, at.isBefore(from) ? from : at, reason);
    }

    Incident because(String newReason) {
        return new Incident(mirror, target, state, from, until, newReason);
    }

    /** Returns the JSON for {@code /api/events} and for the disk. */
    JsonObject json() {
        JsonObject json = new JsonObject();
        json.put("mirror", mirror);
        json.put("target", target);
        json.put("state", state);
        json.put("from", StatusJson.text(from));
        json.put("until", StatusJson.text(until));
        json.put("reason", reason);
        return json;
    }

    /**
     * Reads what {@link #json} has written.
     *
     * @throws RuntimeException if it is something else
     */
    static Incident of(JsonObject json) {
        String until = json.getString("until");
        return new Incident(json.getString("mirror"), json.getString("target"), json.getString("state"),
                Instant.parse(json.getString("from")), until == null ? null : Instant.parse(until), json.getString("reason"));
    }
}
