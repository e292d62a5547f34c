package dev.dromedary.transferlog;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

import dev.dromedary.rsync.ItemizedChange.Action;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * One entry that was sent to a target, or deleted there.
 *
 * @param at         when rsync reported it
 * @param mirror     the mirror's name
 * @param target     the target's name
 * @param path       path in the mirror, with unprintable bytes as {@code \#ooo} ({@link dev.dromedary.change.RawPath#escape}); empty for
 *                   the top folder
 * @param from       the previous path if it was moved, escaped like {@code path}; else null
 * @param size       of a file, in bytes; null for everything else
 * @param lagSeconds the age of the run's oldest change at its end, so the maximum age of this one; null if unknown
 * @param way        the lane of the run, such as "live" or "whole"
 * @param outcome    the outcome; null if it was not known yet when the entry was written
 */
public record TransferEntry(Instant at, String mirror, String target, Action action, String path, String from, Long size, Double lagSeconds,
        String way, Outcome outcome) {

    /** The outcome of a reported change. */
    public enum Outcome {
        /** It is at the target. */
        ARRIVED,
        /** rsync has then reported that this path failed, for example for lack of permissions at the target. It is retried. */
        FAILED,
        /** The run was cut off, or failed as a whole, so that the outcome is unknown. It is sent again. */
        UNCONFIRMED;

        /** {@return the name in lower case} */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@return mirror/target} */
    public String id() {
        return mirror + '/' + target;
    }

    /** {@return the entry as JSON, in one line without a line end} */
    public String line() {
        StringBuilder line = new StringBuilder(160 + path.length()).append("{\"at\":\"").append(at).append('"');
        text(line, "mirror", mirror);
        text(line, "target", target);
        text(line, "action", action.text());
        text(line, "path", path);
        if (from != null) {
            text(line, "from", from);
        }
        line.append(",\"size\":").append(size).append(",\"lagSeconds\":").append(lagSeconds);
        text(line, "way", way);
        text(line, "outcome", outcome == null ? null : outcome.text());
        return line.append('}').toString();
    }

    /** Returns a key and a text in the format of a line. Most lines with another value can be skipped by it without parsing. */
    static String pair(String key, String text) {
        StringBuilder pair = new StringBuilder();
        text(pair, key, text);
        return pair.toString();
    }

    private static void text(StringBuilder line, String key, String text) {
        line.append(",\"").append(key).append("\":");
        if (text == null) {
            line.append("null");
            return;
        }
        // it contains no control character
        line.append('"').append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }

    /** {@return the parsed line; empty if it is not one of ours, or was truncated} */
    static Optional<TransferEntry> parse(String line) {
        try {
            return Jsoner.deserialize(line) instanceof JsonObject json ? of(json) : Optional.empty();
        } catch (DeserializationException e) {
            return Optional.empty();
        }
    }

    /** {@return the entry of an object that {@link #json} made; empty for another object} */
    public static Optional<TransferEntry> of(JsonObject json) {
        try {
            return Optional.of(new TransferEntry(Instant.parse(json.getString("at")), text(json, "mirror"), text(json, "target"),
                    action(json.getString("action")).orElseThrow(), text(json, "path"), json.getString("from"), json.getLong("size"),
                    json.getDouble("lagSeconds"), json.getString("way"), outcome(json.getString("outcome"))));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static String text(JsonObject json, String key) {
        return Optional.ofNullable(json.getString(key)).orElseThrow();
    }

    /** {@return the action with this name in lower case} */
    public static Optional<Action> action(String text) {
        return Arrays.stream(Action.values()).filter(action -> action.text().equals(text)).findFirst();
    }

    private static Outcome outcome(String text) {
        return Arrays.stream(Outcome.values()).filter(outcome -> outcome.text().equals(text)).findFirst().orElse(null);
    }

    /** {@return the entry as JSON, for an answer} */
    public JsonObject json() {
        JsonObject json = new JsonObject();
        json.put("at", at.toString());
        json.put("mirror", mirror);
        json.put("target", target);
        json.put("action", action.text());
        json.put("path", path);
        if (from != null) {
            json.put("from", from);
        }
        json.put("size", size);
        json.put("lagSeconds", lagSeconds);
        json.put("way", way);
        json.put("outcome", outcome == null ? null : outcome.text());
        return json;
    }
}
