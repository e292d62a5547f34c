package dev.dromedary.topic;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.OwedLine;
import dev.dromedary.change.RawPath;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.log.OneLine;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * What a topic tells of a mirror: JSON lines. The first says which mirror, since when, and a few names that lie directly in
 * its source; each other one is an owed path ({@link OwedLine}). Who may write to the topic may write anything into it, so
 * nothing of it is more than a path whose present state is to be fetched.
 *
 * @param mirror  its name
 * @param names   some of what lies directly in the source, as its owner sees it; none if it is empty. In the notation of
 *                {@link RawPath}
 * @param changes what is owed; may be nothing
 */
record ChangeRecord(String mirror, List<String> names, ChangeSet changes) {

    private static final int VERSION = 1;

    /** The first line. */
    static String head(String mirror, List<String> names, ChangeSet changes) {
        JsonObject head = new JsonObject();
        head.put("version", VERSION);
        head.put("mirror", mirror);
        head.put("since", (changes.isEmpty() ? Instant.now() : SteadyClock.shown(changes.since())).toString());
        head.put("byContent", changes.isByContent());
        head.put("names", new JsonArray(names.stream().map(RawPath::escape).toList()));
        return head.toJson() + '\n';
    }

    /**
     * Reads a record.
     *
     * @throws IllegalArgumentException if it is not to be trusted; the message says why
     */
    static ChangeRecord read(String content) {
        try {
            List<String> lines = content.lines().toList();
            if (lines.isEmpty()) {
                throw new IllegalArgumentException("it is empty");
            }
            JsonObject head = (JsonObject) Jsoner.deserialize(lines.get(0));
            int version = head.getIntegerOrDefault("version", 0);
            if (version != VERSION) {
                throw new IllegalArgumentException(version > VERSION
                        ? "it was written by a newer Dromedary; update this one"
                        : "it has an unknown version");
            }
            String mirror = head.getString("mirror");
            if (mirror == null) {
                throw new IllegalArgumentException("it is of no mirror");
            }
            long since = SteadyClock.past(Instant.parse(head.getString("since")));
            ChangeSet changes = new ChangeSet().byContent(Boolean.TRUE.equals(head.getBoolean("byContent")));
            lines.subList(1, lines.size()).forEach(line -> OwedLine.read(line, changes, since));
            List<String> names = new ArrayList<>();
            for (Object name : (JsonArray) head.get("names")) {
                names.add(RawPath.unescape((String) name));
            }
            if (!names.stream().allMatch(name -> RawPath.isBelowRoot(name) && name.indexOf('/') < 0)) {
                throw new IllegalArgumentException("it has impossible names");
            }
            return new ChangeRecord(mirror, names, changes);
        } catch (DeserializationException | ClassCastException | NullPointerException | DateTimeException e) {
            throw new IllegalArgumentException("it is no record of Dromedary: " + OneLine.of(String.valueOf(e.getMessage())), e);
        }
    }
}
