package dev.dromedary.deadletter;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.PendingPathJson;
import dev.dromedary.change.RawPath;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.log.LogEscaping;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * Pending changes of a target that could not be sent, as they are kept in a file of JSON lines. The first line says which target, why, and
 * how often it was tried. Each other line is a pending path, escaped by {@link RawPath#escape}. The last one has a checksum of all before
 * it.
 *
 * @param target   mirror/target
 * @param reason   why it last failed, in plain words and in rsync's
 * @param first    when it was first tried
 * @param last     when it was last tried
 * @param attempts how often it was tried; 0 if it was not, as the target was away before
 * @param next     the earliest time of the next attempt
 * @param failed   whether these paths themselves failed, as opposed to the target being unreachable
 * @param changes  what is pending
 */
record DeadLetter(String target, String reason, Instant first, Instant last, int attempts, Instant next,
        boolean failed, ChangeSet changes) {

    private static final int VERSION = 2;
    // no clock produces times beyond these, and they would overflow
    private static final Instant FIRST_MOMENT = Instant.EPOCH;
    private static final Instant LAST_MOMENT = Instant.parse("9999-12-31T23:59:59Z");
    private static final int MOST_ATTEMPTS = 1_000_000_000;

    /** The content of the letter's file. */
    byte[] bytes() {
        StringBuilder text = new StringBuilder();
        JsonObject head = new JsonObject();
        head.put("version", VERSION);
        head.put("target", target);
        head.put("reason", reason);
        head.put("since", SteadyClock.shown(changes.since()).toString());
        head.put("first", first.toString());
        head.put("last", last.toString());
        head.put("attempts", attempts);
        head.put("next", next.toString());
        head.put("failed", failed);
        head.put("cutOff", changes.isCutOff());
        head.put("byContent", changes.isByContent());
        text.append(head.toJson()).append('\n');
        changes.forEach((path, extent) -> text.append(PendingPathJson.of(path, extent)).append('\n'));
        byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
        JsonObject end = new JsonObject();
        end.put("paths", changes.size());
        end.put("sha256", checksum(content, content.length));
        text.append(end.toJson()).append('\n');
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #bytes} wrote.
     *
     * @param target the target that the letter should belong to
     * @throws IllegalArgumentException if the content can't be trusted for any reason; the message says why
     */
    static DeadLetter read(byte[] content, String target) {
        try {
            return parse(content, target);
        } catch (Untrusted e) {
            throw e;
        } catch (DeserializationException | RuntimeException | StackOverflowError e) {
            throw new IllegalArgumentException("it is not a dead letter: " + LogEscaping.of(String.valueOf(e.getMessage())), e);
        }
    }

    private static DeadLetter parse(byte[] content, String target) throws DeserializationException {
        List<String> lines = new String(content, StandardCharsets.UTF_8).lines().toList();
        if (lines.size() < 2) {
            throw new Untrusted("it is cut off");
        }
        JsonObject end = json(lines.get(lines.size() - 1));
        if (!end.containsKey("sha256")) {
            throw new Untrusted("it is cut off: its last line, with the checksum, is missing");
        }
        int length = content.length - lines.get(lines.size() - 1).getBytes(StandardCharsets.UTF_8).length - 1;
        if (!checksum(content, Math.max(0, length)).equals(end.getString("sha256"))) {
            throw new Untrusted("it was altered: its checksum does not fit");
        }
        JsonObject head = json(lines.get(0));
        if (head.getIntegerOrDefault("version", 0) != VERSION) {
            throw new Untrusted("it is of a version that is not known");
        }
        if (!target.equals(head.getString("target"))) {
            throw new Untrusted("it is of another target, " + head.getString("target"));
        }
        long since = SteadyClock.past(moment(head, "since"));
        ChangeSet changes = new ChangeSet().since(since)
                .cutOff(Boolean.TRUE.equals(head.getBoolean("cutOff")))
                .byContent(Boolean.TRUE.equals(head.getBoolean("byContent")));
        for (String line : lines.subList(1, lines.size() - 1)) {
            PendingPathJson.read(line, changes, since);
        }
        if (changes.isEmpty()) {
            throw new Untrusted("it has no path");
        }
        return new DeadLetter(target, Objects.requireNonNull(head.getString("reason"), "it has no reason"), moment(head, "first"),
                moment(head, "last"), attempts(head), moment(head, "next"), Boolean.TRUE.equals(head.getBoolean("failed")), changes);
    }

    private static Instant moment(JsonObject head, String key) {
        Instant moment = Instant.parse(head.getString(key));
        if (moment.isBefore(FIRST_MOMENT) || moment.isAfter(LAST_MOMENT)) {
            throw new Untrusted("it has an impossible time, " + key + " = " + moment);
        }
        return moment;
    }

    // parsed exactly: a number with more digits than an int has would become another one
    private static int attempts(JsonObject head) {
        BigDecimal attempts = new BigDecimal(String.valueOf(head.get("attempts")));
        if (attempts.signum() < 0 || attempts.compareTo(BigDecimal.valueOf(MOST_ATTEMPTS)) > 0) {
            throw new Untrusted("it has an impossible number of attempts");
        }
        return attempts.intValue();
    }

    private static final class Untrusted extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        Untrusted(String why) {
            super(why);
        }
    }

    private static JsonObject json(String line) throws DeserializationException {
        return (JsonObject) Jsoner.deserialize(line);
    }

    private static String checksum(byte[] content, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(content, 0, length);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }
}
