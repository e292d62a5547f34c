package dev.dromedary.topic;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.Move;
import dev.dromedary.change.PendingPathJson;
import dev.dromedary.change.RawPath;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.log.LogEscaping;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * What a topic tells of a mirror: JSON lines. The first says which mirror, since when, and by what its source is known again
 * ({@link SourceIdentity}); each other one is an owed path ({@link PendingPathJson}). A sign of life has the first line alone, which versions before there
 * was one take for a record that owes nothing; a kind that is not known owes nothing either. Who may write to the topic may write
 * anything into it, so nothing of it is more than a path whose present state is to be fetched, or a reason to fetch nothing.
 *
 * @param mirror    its name
 * @param source    by what the source is known again; null if it is of a kind that is not known
 * @param changes   what is owed; may be nothing
 * @param order     where it is among the others; null if that is not told
 * @param heartbeat what its owner says of the source; null if it tells of changes
 * @param digest    what lies in the source, where all of it is owed; null if that is not told
 */
record ChangeRecord(String mirror, SourceIdentity source, ChangeSet changes, RecordSequenceNumber order, Heartbeat heartbeat, TreeDigest digest) {

    private static final int VERSION = 1;
    private static final String MOVE = "move";
    private static final String DIGEST = "digest";

    /** One that does not tell what lies in the source. */
    ChangeRecord(String mirror, SourceIdentity source, ChangeSet changes, RecordSequenceNumber order, Heartbeat heartbeat) {
        this(mirror, source, changes, order, heartbeat, null);
    }

    /** The first line of one that tells of changes. */
    static String head(String mirror, SourceIdentity source, ChangeSet changes, RecordSequenceNumber order) {
        JsonObject head = new JsonObject();
        head.put("version", VERSION);
        head.put("mirror", mirror);
        head.put("since", (changes.isEmpty() ? Instant.now() : SteadyClock.shown(changes.since())).toString());
        head.put("byContent", changes.isByContent());
        return end(head, source, order);
    }

    /** The only line of a sign of life. */
    static String of(String mirror, SourceIdentity source, Heartbeat heartbeat, RecordSequenceNumber order) {
        JsonObject head = new JsonObject();
        head.put("version", VERSION);
        head.put("mirror", mirror);
        head.put("since", heartbeat.at().toString());
        head.put("byContent", false);
        heartbeat.put(head);
        return end(head, source, order);
    }

    /**
     * The line of something that was moved, which comes before those of {@link #ofMove}. Versions before there were moves take them all
     * for what is owed without one.
     *
     * @param number of the move, within its record
     * @param from   where it was
     */
    static String moved(String path, Extent extent, int number, String from, boolean folder) {
        JsonObject line = PendingPathJson.json(path, extent);
        line.put(MOVE, number);
        line.put("from", RawPath.escape(from));
        line.put("folder", folder);
        return line.toJson();
    }

    /** The line of the whole tree, with what lies in it: who has the same owes nothing. */
    static String wholeTree(TreeDigest digest) {
        JsonObject line = PendingPathJson.json("", Extent.TREE);
        line.put(DIGEST, digest.json());
        return line.toJson();
    }

    /** The line of what else is owed because of that move. */
    static String ofMove(String path, Extent extent, int number) {
        JsonObject line = PendingPathJson.json(path, extent);
        line.put(MOVE, number);
        return line.toJson();
    }

    // where the record of a move was cut, the rest of it is owed without
    private static void enqueue(PendingPathJson.Line pending, ChangeSet changes, Map<Integer, Move> moves, long since) {
        int number = pending.json().getIntegerOrDefault(MOVE, -1);
        String from = pending.json().getString("from");
        if (number >= 0 && from != null && !moves.containsKey(number)) {
            ChangeSet entries = new ChangeSet();
            entries.add(pending.path(), pending.extent(), since);
            entries.add(PendingPathJson.path(from), Extent.ENTRY, since);
            moves.put(number, new Move(PendingPathJson.path(from), pending.path(), Boolean.TRUE.equals(pending.json().getBoolean("folder")), entries));
        } else {
            Move move = moves.get(number);
            (move == null ? changes : move.entries()).add(pending.path(), pending.extent(), since);
        }
    }

    private static String end(JsonObject head, SourceIdentity source, RecordSequenceNumber order) {
        order.put(head);
        source.put(head);
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
            String kind = head.getString("kind");
            if (kind != null && !kind.equals(Heartbeat.KIND)) {
                return new ChangeRecord(mirror, null, new ChangeSet(), null, null);
            }
            long since = SteadyClock.past(Instant.parse(head.getString("since")));
            ChangeSet told = new ChangeSet().byContent(Boolean.TRUE.equals(head.getBoolean("byContent")));
            ChangeSet changes = new ChangeSet();
            Map<Integer, Move> moves = new LinkedHashMap<>();
            AtomicReference<TreeDigest> digest = new AtomicReference<>();
            lines.subList(1, lines.size()).forEach(line -> {
                PendingPathJson.Line pending = PendingPathJson.read(line);
                enqueue(pending, changes, moves, since);
                if (pending.path().isEmpty() && pending.json().get(DIGEST) != null) {
                    digest.set(TreeDigest.of(pending.json().<JsonObject>getMap(DIGEST)));
                }
            });
            // what is told of besides them came after them
            moves.values().forEach(told::moved);
            told.merge(changes);
            return new ChangeRecord(mirror, SourceIdentity.of(head), told, RecordSequenceNumber.of(head), kind == null ? null : Heartbeat.of(head), digest.get());
        } catch (DeserializationException | ClassCastException | NullPointerException | DateTimeException e) {
            throw new IllegalArgumentException("it is no record of Dromedary: " + LogEscaping.of(String.valueOf(e.getMessage())), e);
        }
    }
}
