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
 * A record of a topic: JSON lines about one mirror. The first line has the mirror, since when changes are pending, and the source's identity
 * ({@link SourceIdentity}). Each further line is a pending path ({@link PendingPathJson}). A heartbeat consists of the first line alone;
 * versions without heartbeats take it for a record without changes. A record of an unknown kind has no changes either. Whoever may write to
 * the topic may write anything, so a record can do no more than name paths whose current state has to be fetched, or give a reason to fetch
 * nothing.
 *
 * @param mirror    its name
 * @param source    the identity of the source; null for a record of an unknown kind
 * @param changes   the pending changes; may be empty
 * @param order     the position among the other records; null if unknown
 * @param heartbeat the status of the source; null for a record of changes
 * @param digest    the content of the source, if the whole tree is pending; null if unknown
 */
record ChangeRecord(String mirror, SourceIdentity source, ChangeSet changes, RecordSequenceNumber order, Heartbeat heartbeat, TreeDigest digest) {

    private static final int VERSION = 1;
    private static final String MOVE = "move";
    private static final String DIGEST = "digest";
    private static final String CERTAIN = "certain";

    /** Creates a record without a digest of the source. */
    ChangeRecord(String mirror, SourceIdentity source, ChangeSet changes, RecordSequenceNumber order, Heartbeat heartbeat) {
        this(mirror, source, changes, order, heartbeat, null);
    }

    /** Returns the first line of a record of changes. */
    static String head(String mirror, SourceIdentity source, ChangeSet changes, RecordSequenceNumber order) {
        JsonObject head = new JsonObject();
        head.put("version", VERSION);
        head.put("mirror", mirror);
        head.put("since", (changes.isEmpty() ? Instant.now() : SteadyClock.shown(changes.since())).toString());
        head.put("byContent", changes.isByContent());
        return end(head, source, order);
    }

    /** Returns the only line of a heartbeat. */
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
     * Returns the line of a move, which precedes those of {@link #ofMove}. Versions that do not know moves treat all these lines as pending
     * paths.
     *
     * @param number number of the move within its record
     * @param move   if it is not certain, something of it was changed shortly before, and may be in another record
     */
    static String moved(String path, Extent extent, int number, Move move) {
        JsonObject line = PendingPathJson.json(path, extent);
        line.put(MOVE, number);
        line.put("from", RawPath.escape(move.from()));
        line.put("folder", move.folder());
        line.put(CERTAIN, move.certain());
        return line.toJson();
    }

    /** Returns the line of the whole tree with a digest of its content. A receiver with the same content has nothing to do. */
    static String wholeTree(TreeDigest digest) {
        JsonObject line = PendingPathJson.json("", Extent.TREE);
        line.put(DIGEST, digest.json());
        return line.toJson();
    }

    /** Returns the line of another path that is pending because of that move. */
    static String ofMove(String path, Extent extent, int number) {
        JsonObject line = PendingPathJson.json(path, extent);
        line.put(MOVE, number);
        return line.toJson();
    }

    // where a move was split between records, its remaining paths are pending without it
    private static void enqueue(PendingPathJson.Line pending, ChangeSet changes, Map<Integer, Move> moves, long since) {
        int number = pending.json().getIntegerOrDefault(MOVE, -1);
        String from = pending.json().getString("from");
        if (number >= 0 && from != null && !moves.containsKey(number)) {
            ChangeSet entries = new ChangeSet();
            entries.add(pending.path(), pending.extent(), since);
            entries.add(PendingPathJson.path(from), Extent.ENTRY, since);
            moves.put(number, new Move(PendingPathJson.path(from), pending.path(), Boolean.TRUE.equals(pending.json().getBoolean("folder")),
                    Boolean.TRUE.equals(pending.json().getBoolean(CERTAIN)), entries));
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
     * @throws IllegalArgumentException if it can't be trusted; the message says why
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
            // the changes outside of moves came after the moves
            moves.values().forEach(told::moved);
            told.merge(changes);
            return new ChangeRecord(mirror, SourceIdentity.of(head), told, RecordSequenceNumber.of(head), kind == null ? null : Heartbeat.of(head), digest.get());
        } catch (DeserializationException | ClassCastException | NullPointerException | DateTimeException e) {
            throw new IllegalArgumentException("it is no record of Dromedary: " + LogEscaping.of(String.valueOf(e.getMessage())), e);
        }
    }
}
