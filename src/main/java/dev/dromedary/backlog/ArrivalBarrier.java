package dev.dromedary.backlog;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;

/**
 * The changes that one target had not received at a certain moment. The barrier is over when all of them have arrived, in their state at
 * that moment or a later one: with the run that had them in flight, or with a run that began afterwards. Changes that become pending later
 * do not count. Guarded by its backlog.
 */
public final class ArrivalBarrier {

    private static final Set<TransferClass> CARRY_CONTENT = EnumSet.of(TransferClass.LIVE, TransferClass.MOVED, TransferClass.LARGE);
    private static final Set<TransferClass> CARRY_LARGE = EnumSet.of(TransferClass.LARGE, TransferClass.LARGE_ATTRIBUTES);

    private final CompletableFuture<Void> noted = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    // changes in flight, by lane: only the first end of a run of that lane counts for them
    private final Map<TransferClass, ChangeSet> onTheWay = new EnumMap<>(TransferClass.class);
    // a comparison by size and time does not prove that these have arrived
    private final ChangeSet content = new ChangeSet();
    private final ChangeSet compared = new ChangeSet();
    // the same for large files, which a run through a folder skips
    private final ChangeSet largeContent = new ChangeSet();
    private final ChangeSet largeCompared = new ChangeSet();
    // paths that travel last: runs through folders skip them
    private final ChangeSet last = new ChangeSet();
    // paths to be deleted after the last ones: any run with the path either sends it, if it is back, or reports it gone
    private final ChangeSet gone = new ChangeSet();
    private final Predicate<String> travelsLast;
    private boolean complete;

    /** @param travelsLast which paths travel after all else */
    ArrivalBarrier(Predicate<String> travelsLast) {
        this.travelsLast = travelsLast;
    }

    /** Completed when it is known what the target had not received. Dependent actions must not block: a lock is held. */
    public CompletableFuture<Void> noted() {
        return noted;
    }

    /** Completed when all of it has arrived. A waiter that gives up cancels it. Dependent actions must not block: a lock is held. */
    public CompletableFuture<Void> over() {
        return over;
    }

    /** Adds the changes that a run has in flight. */
    void onTheWay(TransferClass lane, ChangeSet changes) {
        onTheWay.put(lane, copy(changes));
    }

    /** Adds changes that a later run of this lane has to send. */
    void pending(TransferClass lane, ChangeSet changes) {
        boolean ofContent = CARRY_CONTENT.contains(lane) || changes.isByContent();
        changes.forEach((switch (lane) {
            case LAST -> last;
            case GONE -> gone;
            case LARGE, LARGE_ATTRIBUTES -> ofContent ? largeContent : largeCompared;
            default -> ofContent ? content : compared;
        })::add);
    }

    /** Adds changes that a later run has to send; the lane follows from each path's extent. */
    void pending(ChangeSet changes) {
        changes.forEach((path, extent) -> (extent.compareTo(Extent.ENTRY) <= 0 && travelsLast.test(path) ? last
                : CARRY_CONTENT.contains(TransferClass.of(extent)) || changes.isByContent() ? content : compared).add(path, extent));
    }

    /**
     * Closes the barrier for new changes. From now on it only tracks what becomes of those that it has.
     *
     * @param idle whether nothing is pending at the target
     */
    void complete(boolean idle) {
        complete = true;
        isOver(idle);
        noted.complete(null);
    }

    /** Moves paths that a run leaves to another lane, as far as they belong to this barrier. */
    void setApart(TransferClass from, TransferClass to, ChangeSet changes) {
        ChangeSet here = new ChangeSet().byContent(changes.isByContent());
        ChangeSet on = onTheWay.get(from);
        changes.forEach((path, extent) -> {
            if (on != null && on.covers(path, Extent.ATTRIBUTES) || content.covers(path, Extent.ATTRIBUTES)
                    || compared.covers(path, Extent.ATTRIBUTES) || gone.covers(path, Extent.ATTRIBUTES)) {
                here.add(path, extent);
            }
        });
        pending(to, here);
    }

    /**
     * Records that a run has arrived.
     *
     * @param left what it did not transfer, and is pending again or kept
     * @return whether the run was about this barrier
     */
    boolean arrived(TransferRun run, ChangeSet left) {
        ChangeSet on = onTheWay.remove(run.lane());
        if (on != null) {
            settle(on, run.changes(), left);
            pending(run.lane(), on.byContent(run.changes().isByContent()));
            return true;
        }
        // a path that is named by itself, not found in a folder, may have been large before
        ChangeSet large = CARRY_LARGE.contains(run.lane()) ? run.changes() : named(run.changes());
        boolean about = settle(compared, run.changes(), left) | settle(largeCompared, large, left) | settle(gone, run.changes(), left);
        if (run.lane() == TransferClass.LAST || run.changes().isByContent() || run.replay()) {
            about |= settle(last, run.changes(), left);
        }
        if (CARRY_CONTENT.contains(run.lane()) || run.changes().isByContent() || run.replay()) {
            about |= settle(content, run.changes(), left) | settle(largeContent, large, left);
        }
        return about;
    }

    private static ChangeSet named(ChangeSet changes) {
        ChangeSet named = new ChangeSet();
        changes.forEach((path, extent) -> {
            if (extent.compareTo(Extent.ENTRY) <= 0) {
                named.add(path, extent);
            }
        });
        return named;
    }

    // what is left moves to the lane that its extent determines
    private boolean settle(ChangeSet missing, ChangeSet arrived, ChangeSet left) {
        if (missing.isEmpty()) {
            return false;
        }
        ChangeSet again = new ChangeSet().byContent(left.isByContent());
        left.forEach((path, extent) -> {
            if (!missing.pendingAt(path).isEmpty()) {
                again.add(path, extent);
            }
        });
        boolean about = missing.subtract(arrived);
        pending(again);
        return about;
    }

    /**
     * Records that a run has ended without transferring anything: its changes are sent again.
     *
     * @return whether the run was about this barrier
     */
    boolean ended(TransferClass lane, boolean byContent) {
        ChangeSet on = onTheWay.remove(lane);
        if (on != null) {
            pending(lane, on.byContent(byContent));
        }
        return on != null;
    }

    /**
     * Returns whether the barrier needs no further attention, and completes {@link #over()} if all has arrived.
     *
     * @param idle whether nothing is pending at the target
     */
    boolean isOver(boolean idle) {
        if (complete && (idle || onTheWay.isEmpty() && Stream.of(content, compared, largeContent, largeCompared, last, gone)
                .allMatch(ChangeSet::isEmpty))) {
            over.complete(null);
        }
        return over.isDone();
    }

    private static ChangeSet copy(ChangeSet changes) {
        ChangeSet copy = new ChangeSet().byContent(changes.isByContent());
        changes.forEach(copy::add);
        return copy;
    }
}
