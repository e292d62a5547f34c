package dev.dromedary.deadletter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * What a target was owed when carrying it failed, as it is kept in a file: JSON lines, the first says which target, why
 * and since when, each other one an owed path in the escapes of {@link RawPath#escape}.
 *
 * @param target  mirror/target
 * @param reason  why it failed last, in plain words
 * @param since   the moment of the oldest change in it
 * @param changes what is owed
 */
record DeadLetter(String target, String reason, Instant since, ChangeSet changes) {

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        JsonObject head = new JsonObject();
        head.put("target", target);
        head.put("reason", reason);
        head.put("since", since.toString());
        head.put("cutOff", changes.isCutOff());
        head.put("written", Instant.now().toString());
        lines.add(head.toJson());
        changes.forEach((path, extent) -> {
            JsonObject owed = new JsonObject();
            owed.put("path", RawPath.escape(path));
            owed.put("extent", extent.name().toLowerCase(java.util.Locale.ROOT));
            lines.add(owed.toJson());
        });
        return lines;
    }

    /** @throws IllegalArgumentException if this is no dead letter; the message says what is wrong */
    static DeadLetter read(List<String> lines) {
        try {
            Iterator<String> each = lines.iterator();
            if (!each.hasNext()) {
                throw new IllegalArgumentException("it is empty");
            }
            JsonObject head = (JsonObject) Jsoner.deserialize(each.next());
            Instant since = Instant.parse(head.getString("since"));
            ChangeSet changes = new ChangeSet();
            while (each.hasNext()) {
                JsonObject owed = (JsonObject) Jsoner.deserialize(each.next());
                changes.add(checked(RawPath.unescape(owed.getString("path"))),
                        Extent.valueOf(owed.getString("extent").toUpperCase(java.util.Locale.ROOT)));
            }
            return new DeadLetter(head.getString("target"), head.getString("reason"), since,
                    changes.since(since.toEpochMilli()).cutOff(Boolean.TRUE.equals(head.getBoolean("cutOff"))));
        } catch (DeserializationException | ClassCastException | NullPointerException
                | java.time.format.DateTimeParseException e) {
            throw new IllegalArgumentException("it is not a dead letter: " + e.getMessage(), e);
        }
    }

    private static String checked(String path) {
        for (String name : path.split("/", -1)) {
            if (name.equals("..") || name.equals(".") || name.isEmpty() && !path.isEmpty() || name.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("it names a path that is not one below the source: "
                        + RawPath.escape(path));
            }
        }
        return path;
    }
}
