package dev.dromedary.topic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.Move;
import dev.dromedary.change.PendingPathJson;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.mount.FileSystemId;
import dev.dromedary.source.ChangeSetResolver;
import dev.dromedary.source.ChangeSetResolver.Kind;
import dev.dromedary.source.SameSourceHeuristic;
import dev.dromedary.source.SourceGuard;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes pending changes as records for a topic, resolved against the current state of the source, and the data of heartbeats. Used by
 * several threads.
 */
public final class ChangeRecordWriter {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeRecordWriter.class);
    // a broker accepts a megabyte (Kafka's message.max.bytes); a path has 4 KiB, and 16 KiB when each of its bytes is escaped
    private static final int MOST_BYTES = 512 << 10;
    // a topic may take less (max.message.bytes); each try has an eighth of the one before, and one of these always has a path
    private static final int LEAST_BYTES = 4 << 10;
    private static final int SMALLER_BITS = 3;
    private static final int SOME_NAMES = 8;
    // the head of each record has them
    private static final int SOME_MOUNTS = 32;
    // how many more are examined, as some may be excluded
    private static final int LEFT_OUT = 16;
    private static final Pattern NUMBER = Pattern.compile("\"number\":(\\d+)");

    private final String mirror;
    private final SourceGuard source;
    private final PathFilter filter;
    private final ChangeSetResolver present;
    private final Supplier<UpstreamGate> upstream;
    private final String run = Long.toHexString(ThreadLocalRandom.current().nextLong());
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile int mostBytes = MOST_BYTES;

    /** Creates a writer for a source that is not pulled from elsewhere. */
    ChangeRecordWriter(String mirror, SourceGuard source, PathFilter filter) {
        this(mirror, source, filter, () -> null);
    }

    /**
     * @param filter   the paths that are excluded, whether they exist or not
     * @param upstream the upstream of the source; requested when it exists, null if the source is not pulled
     */
    public ChangeRecordWriter(String mirror, SourceGuard source, PathFilter filter, Supplier<UpstreamGate> upstream) {
        this.upstream = upstream;
        this.mirror = mirror;
        this.source = source;
        this.filter = filter;
        this.present = new ChangeSetResolver(source.path(), filter);
    }

    /**
     * {@return the records, at least one, each of half a megabyte at most, or of less if the topic takes no more}
     *
     * @param told a {@link ChangeSet}, or a heartbeat that {@link HeartbeatWriter} has made
     * @throws IOException if the source is missing or another one, or is not yet in line with its upstream: nothing may be fetched because
     *                     of it
     */
    public List<String> write(@Body Object told) throws IOException {
        if (!(told instanceof ChangeSet changes)) {
            return List.of((String) told);
        }
        source.check();
        UpstreamGate from = upstream.get();
        String waits = from == null ? null : from.waits();
        if (waits != null) {
            throw new NotYetException(source.path() + " is not published: " + waits);
        }
        source.remember();
        SourceIdentity identity = identity(names(SOME_NAMES));
        List<String> all = write(changes, identity);
        // that may have taken long: an agent takes it for what is so when it was sent
        source.check();
        if (!source.submounts().missing().keySet().equals(identity.missing())) {
            throw new NotYetException("what is mounted below " + source.path() + " has changed meanwhile");
        }
        return all;
    }

    private List<String> write(ChangeSet changes, SourceIdentity identity) throws IOException {
        Records records = new Records(mostBytes, () -> ChangeRecord.head(mirror, identity, changes,
                new RecordSequenceNumber(run, numbers.incrementAndGet(), acknowledged.get())));
        if (changes.isWholeTree() && !changes.isByContent()) {
            Optional<String> digest = TreeDigest.of(source.path(), filter).map(ChangeRecord::wholeTree).filter(line -> line.length() < mostBytes / 2);
            if (digest.isPresent()) {
                records.add(digest.get());
                return records.all();
            }
        }
        int moves = 0;
        for (Move move : changes.moves()) {
            moved(move, moves++, records);
        }
        write(changes.withoutMoves(changes.moves()), (path, extent) -> records.add(PendingPathJson.of(path, extent)));
        return records.all();
    }

    private void write(ChangeSet changes, ChangeSet.Visitor lines) {
        Set<String> levels = new HashSet<>();
        present.of(changes, true, (path, extent, kind) -> lines.visit(path, extent == Extent.ENTRY && kind != Kind.FOLDER ? Extent.LEAF : extent),
                folder -> {
                    if (levels.add(folder)) {
                        lines.visit(folder, Extent.LEVEL);
                    }
                });
    }

    // a move that was overtaken by later changes is no longer one
    private void moved(Move move, int number, Records records) {
        Map<String, Extent> pending = new LinkedHashMap<>();
        write(move.entries(), (path, extent) -> pending.merge(path, extent, (one, other) -> one.compareTo(other) < 0 ? other : one));
        Path now = RawPath.toPath(source.path(), move.to());
        boolean is = pending.containsKey(move.to()) && pending.containsKey(move.from())
                && (move.folder() ? Files.isDirectory(now, LinkOption.NOFOLLOW_LINKS) : Files.isRegularFile(now, LinkOption.NOFOLLOW_LINKS))
                && Files.notExists(RawPath.toPath(source.path(), move.from()), LinkOption.NOFOLLOW_LINKS);
        if (is) {
            records.add(ChangeRecord.moved(move.to(), pending.remove(move.to()), number, move));
        }
        pending.forEach((path, extent) -> records.add(is ? ChangeRecord.ofMove(path, extent, number) : PendingPathJson.of(path, extent)));
    }

    /**
     * Returns some names directly in the source that are not excluded. If there are none, returns excluded ones: the source is not empty.
     */
    List<String> names(int some) throws IOException {
        int most = some(some);
        List<String> there = RawPath.namesIn(source.path(), most + LEFT_OUT).stream().filter(SameSourceHeuristic::tells).toList();
        List<String> mirrored = there.stream()
                .filter(name -> !filter.excludesEntry(name, true) || !filter.excludesEntry(name, false)).limit(most).toList();
        return mirrored.isEmpty() ? there.stream().limit(most).toList() : mirrored;
    }

    // fewer where a topic takes only small records
    private int some(int most) {
        return Math.max(1, (int) ((long) most * mostBytes / MOST_BYTES));
    }

    /** Returns the identity of the source: some of its names, its file system, and those that are mounted or missing below it. */
    SourceIdentity identity(List<String> names) {
        return new SourceIdentity(names, FileSystemId.of(source.path()), source.replaced(), Set.copyOf(source.submounts().missing().keySet()), mounted());
    }

    private Map<String, List<String>> mounted() {
        Map<String, List<String>> mounted = new TreeMap<>();
        // heartbeats must not wait for a server that does not answer
        source.submounts().mounted().entrySet().stream().filter(mount -> !mount.getValue().isServed()).map(Map.Entry::getKey)
                .filter(path -> !filter.excludes(path, true)).sorted().limit(some(SOME_MOUNTS)).forEach(path -> {
            try {
                mounted.put(path, RawPath.namesIn(RawPath.toPath(source.path(), path), SOME_NAMES).stream().filter(SameSourceHeuristic::tells).toList());
            } catch (IOException | UncheckedIOException e) {
                // a disk with an error, a file that is mounted over another one, or a folder that may not be listed: nothing can be asked for in it
            }
        });
        return mounted;
    }

    /** Returns the position of a record without changes. */
    RecordSequenceNumber order() {
        return new RecordSequenceNumber(run, 0, acknowledged.get());
    }

    /** Notes that the broker has accepted a record. */
    public void acknowledged(@Body String record) {
        Matcher number = NUMBER.matcher(record);
        if (number.find()) {
            acknowledged.accumulateAndGet(Long.parseLong(number.group(1)), Math::max);
        }
    }

    /** Ends the run here because the broker or the source has failed. The changes are saved at once, and retried. */
    public void failed(Exchange exchange, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        boolean smaller = KafkaFailureCauses.isTooLarge(failure) && mostBytes > LEAST_BYTES;
        if (smaller) {
            mostBytes = Math.max(LEAST_BYTES, mostBytes >> SMALLER_BITS);
            LOG.warn("{}: {}. Until the next start records have {} KiB at most", mirror, KafkaFailureCauses.of(failure), mostBytes >> 10);
        }
        RunOutcome outcome = smaller || failure instanceof NotYetException ? RunOutcome.BUSY : RunOutcome.AWAY;
        exchange.setProperty(BacklogEndpoint.OUTCOME, outcome.name().toLowerCase(Locale.ROOT));
        exchange.setProperty(BacklogEndpoint.REASON, KafkaFailureCauses.of(failure));
    }

    /** Something is not published yet, which is no failure. */
    private static final class NotYetException extends IOException {

        private static final long serialVersionUID = 1;

        NotYetException(String message) {
            super(message);
        }
    }

    private static final class Records {

        private final int most;
        private final Supplier<String> head;
        private final List<String> full = new ArrayList<>();
        private StringBuilder record;
        private int bytes;

        Records(int most, Supplier<String> head) {
            this.most = most;
            this.head = head;
            begin();
        }

        private void begin() {
            record = new StringBuilder(head.get());
            bytes = record.toString().getBytes(StandardCharsets.UTF_8).length;
        }

        private void add(String line) {
            int more = line.getBytes(StandardCharsets.UTF_8).length + 1;
            if (bytes + more > most) {
                full.add(record.toString());
                begin();
            }
            record.append(line).append('\n');
            bytes += more;
        }

        private List<String> all() {
            full.add(record.toString());
            return full;
        }
    }
}
