package dev.dromedary.deadletter;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.OwedLine;
import dev.dromedary.change.RawPath;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * What a target is owed and did not get, as it is kept in a file: JSON lines. The first says which target, why, and how
 * often it was tried; each other one is an owed path in the escapes of {@link RawPath#escape}; the last has a checksum of
 * all before it.
 *
 * @param target   mirror/target
 * @param reason   why it failed last, in plain words and in rsync's
 * @param first    when it was first tried
 * @param last     when it was last tried
 * @param attempts how often it was tried; 0 if it was not, as the target was away before
 * @param next     not to be tried before
 * @param changes  what is owed
 */
record DeadLetter(String target, String reason, Instant first, Instant last, int attempts, Instant next,
        ChangeSet changes) {

    private static final int VERSION = 2;

    /** The content of its file. */
    byte[] bytes() {
        StringBuilder text = new StringBuilder();
        JsonObject head = new JsonObject();
        head.put("version", VERSION);
        head.put("target", target);
        head.put("reason", reason);
        head.put("since", Instant.ofEpochMilli(changes.since()).toString());
        head.put("first", first.toString());
        head.put("last", last.toString());
        head.put("attempts", attempts);
        head.put("next", next.toString());
        head.put("cutOff", changes.isCutOff());
        head.put("byContent", changes.isByContent());
        text.append(head.toJson()).append('\n');
        changes.forEach((path, extent) -> text.append(OwedLine.of(path, extent)).append('\n'));
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
     * @param target whose letter it should be
     * @throws IllegalArgumentException if it is not to be trusted; the message says why
     */
    static DeadLetter read(byte[] content, String target) {
        try {
            List<String> lines = new String(content, StandardCharsets.UTF_8).lines().toList();
            if (lines.size() < 2) {
                throw new IllegalArgumentException("it is cut off");
            }
            JsonObject end = json(lines.get(lines.size() - 1));
            if (!end.containsKey("sha256")) {
                throw new IllegalArgumentException("it is cut off: its last line, with the checksum, is missing");
            }
            int length = content.length - lines.get(lines.size() - 1).getBytes(StandardCharsets.UTF_8).length - 1;
            if (!checksum(content, Math.max(0, length)).equals(end.getString("sha256"))) {
                throw new IllegalArgumentException("it was altered: its checksum does not fit");
            }
            JsonObject head = json(lines.get(0));
            if (head.getIntegerOrDefault("version", 0) != VERSION) {
                throw new IllegalArgumentException("it is of a version that is not known");
            }
            if (!target.equals(head.getString("target"))) {
                throw new IllegalArgumentException("it is of another target, " + head.getString("target"));
            }
            long since = Instant.parse(head.getString("since")).toEpochMilli();
            ChangeSet changes = new ChangeSet().since(since)
                    .cutOff(Boolean.TRUE.equals(head.getBoolean("cutOff")))
                    .byContent(Boolean.TRUE.equals(head.getBoolean("byContent")));
            for (String line : lines.subList(1, lines.size() - 1)) {
                OwedLine.read(line, changes, since);
            }
            return new DeadLetter(target, head.getString("reason"), Instant.parse(head.getString("first")),
                    Instant.parse(head.getString("last")), head.getInteger("attempts"),
                    Instant.parse(head.getString("next")), changes);
        } catch (DeserializationException | ClassCastException | NullPointerException | DateTimeException e) {
            throw new IllegalArgumentException("it is not a dead letter: " + e.getMessage(), e);
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
