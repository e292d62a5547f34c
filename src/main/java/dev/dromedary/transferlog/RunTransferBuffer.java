package dev.dromedary.transferlog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.rsync.ItemizedChange;

/**
 * Collects what one run reports until the outcome of the run is known. In a long run, the collected entries are written earlier. Safe for
 * use by several threads.
 */
public final class RunTransferBuffer implements Consumer<ItemizedChange> {

    /** Property of a message: the buffer of its run. */
    public static final String PROPERTY = "DromedaryTransfers";

    private static final int MOST_HELD = 1000;
    private static final long LONGEST_HELD_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final double MILLIS = 1000.0;

    private record Said(Instant at, ItemizedChange change) {
    }

    private final LogWriter writer;
    private final String mirror;
    private final String target;
    private final String begunAs;
    private final long since;
    private final boolean trees;
    private List<Said> held = new ArrayList<>();
    private long heldSinceNanos;

    /**
     * @param id    mirror/target
     * @param way   the lane of the run, as far as it is known at its start
     * @param since the moment of the oldest change in it, by {@link SteadyClock}
     * @param trees whether whole trees are compared, so that the age of a change is not known
     */
    RunTransferBuffer(LogWriter writer, String id, String way, long since, boolean trees) {
        this.writer = writer;
        this.mirror = id.substring(0, id.indexOf('/'));
        this.target = id.substring(id.indexOf('/') + 1);
        this.begunAs = way;
        this.since = since;
        this.trees = trees;
    }

    @Override
    public synchronized void accept(ItemizedChange change) {
        long now = System.nanoTime();
        if (held.size() >= MOST_HELD || !held.isEmpty() && now - heldSinceNanos > LONGEST_HELD_NANOS) {
            write(begunAs, path -> null);
        }
        if (held.isEmpty()) {
            heldSinceNanos = now;
        }
        held.add(new Said(Instant.now(), change));
    }

    /**
     * Writes all remaining entries.
     *
     * @param way     the lane of the run
     * @param outcome {@link dev.dromedary.backlog.RunOutcome}, in lower case
     * @param failed  what could not be sent because of a failure of its own; null for nothing
     */
    public synchronized void ended(String way, String outcome, ChangeSet failed) {
        if (held.isEmpty()) {
            return;
        }
        if (outcome.equals("arrived")) {
            write(way, path -> TransferEntry.Outcome.ARRIVED);
        } else if (!outcome.equals("partly") || failed == null) {
            write(way, path -> TransferEntry.Outcome.UNCONFIRMED);
        } else {
            Set<String> paths = new HashSet<>();
            List<String> folders = new ArrayList<>();
            failed.forEach((path, extent) -> (extent.compareTo(Extent.LEVEL) < 0 ? paths : folders).add(path));
            write(way, path -> paths.contains(path) ? TransferEntry.Outcome.FAILED
                    : folders.stream().anyMatch(folder -> RawPath.isAt(path, folder)) ? TransferEntry.Outcome.UNCONFIRMED : TransferEntry.Outcome.ARRIVED);
        }
    }

    @FunctionalInterface
    private interface Outcomes {
        TransferEntry.Outcome of(String path);
    }

    private void write(String way, Outcomes outcomes) {
        Double lag = trees ? null : Math.max(0, SteadyClock.millis() - since) / MILLIS;
        List<TransferEntry> entries = new ArrayList<>(held.size());
        for (Said said : held) {
            ItemizedChange change = said.change;
            entries.add(new TransferEntry(said.at, mirror, target, change.action(), RawPath.escape(change.path()),
                    change.from() == null ? null : RawPath.escape(change.from()), change.size() < 0 ? null : change.size(), lag, way,
                    outcomes.of(change.path())));
        }
        held = new ArrayList<>();
        writer.add(entries);
    }
}
