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
 * One thing that was carried to a target, or deleted there.
 *
 * @param at         when rsync said so
 * @param mirror     the mirror's name
 * @param target     the target's name
 * @param path       of what is mirrored, with what is no text as {@code \#ooo} ({@link dev.dromedary.change.RawPath#escape}); empty for the
 *                   top folder
 * @param from       the same of what it was before, if it was moved; else null
 * @param size       of a file, in bytes; null for all else
 * @param lagSeconds how old the oldest change of the run had become at its end, so how old this one was at most; null where it is not known
 *                   when it was made
 * @param way        the way of the run, such as "live" or "whole"
 * @param outcome    what became of it; null if that was not known yet when it was written
 */
public record TransferEntry(Instant at, String mirror, String target, Action action, String path, String from, Long size, Double lagSeconds,
        String way, Outcome outcome) {

    /** What became of what rsync had said. */
    public enum Outcome {
        /** It is at the target. */
        ARRIVED,
        /** rsync has said then that this one failed, such as for want of rights at the target; it is tried again. */
        FAILED,
        /** The run was cut off, or failed as a whole, so that it is not known; it is carried again. */
        UNCONFIRMED;

        /** {@return the name in small letters} */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@return mirror/target} */
    public String id() {
        return mirror + '/' + target;
    }

    /** {@return the entry as JSON, in one line without its end} */
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

    /** A key and a text as they stand in a line, so that most lines that have another need not be read. */
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
        // no control character is in there
        line.append('"').append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }

    /** {@return what a line says; nothing, if it is none of ours, or was cut off} */
    static Optional<TransferEntry> parse(String line) {
        try {
            return Jsoner.deserialize(line) instanceof JsonObject json ? of(json) : Optional.empty();
        } catch (DeserializationException e) {
            return Optional.empty();
        }
    }

    /** {@return what an object says that {@link #json} made; nothing, if it is another one} */
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

    /** {@return the action of that name in small letters} */
    public static Optional<Action> action(String text) {
        return Arrays.stream(Action.values()).filter(action -> action.text().equals(text)).findFirst();
    }

    private static Outcome outcome(String text) {
        return Arrays.stream(Outcome.values()).filter(outcome -> outcome.text().equals(text)).findFirst().orElse(null);
    }

    /** {@return the same as JSON, for an answer} */
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
