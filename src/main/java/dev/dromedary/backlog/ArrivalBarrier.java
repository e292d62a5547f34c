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
 * What one target had not received at a moment. It is over when all of that has arrived, as it was then or later: by the run that had
 * it on its way, or by one that began after. What comes to be pending later is none of it. Guarded by its backlog.
 */
public final class ArrivalBarrier {

    private static final Set<TransferClass> CARRY_CONTENT = EnumSet.of(TransferClass.LIVE, TransferClass.MOVED, TransferClass.LARGE);
    private static final Set<TransferClass> CARRY_LARGE = EnumSet.of(TransferClass.LARGE, TransferClass.LARGE_ATTRIBUTES);

    private final CompletableFuture<Void> noted = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    // what was on its way, by lane: only the first end of a run of that lane is about it
    private final Map<TransferClass, ChangeSet> onTheWay = new EnumMap<>(TransferClass.class);
    // a comparison by size and time does not show that it has arrived
    private final ChangeSet content = new ChangeSet();
    private final ChangeSet compared = new ChangeSet();
    // the same of large files, which a run of a folder leaves alone
    private final ChangeSet largeContent = new ChangeSet();
    private final ChangeSet largeCompared = new ChangeSet();
    // what travels last: runs through folders pass it over
    private final ChangeSet last = new ChangeSet();
    // what is to be deleted after that: any run that has the path brings it if it is back, or says that it is gone
    private final ChangeSet gone = new ChangeSet();
    private final Predicate<String> travelsLast;
    private boolean complete;

    /** @param travelsLast which paths travel after all else */
    ArrivalBarrier(Predicate<String> travelsLast) {
        this.travelsLast = travelsLast;
    }

    /** Done when it is known what the target had not received. What follows must not wait: a lock is held. */
    public CompletableFuture<Void> noted() {
        return noted;
    }

    /** Done when all of it has arrived; whoever waits no more cancels it. What follows must not wait: a lock is held. */
    public CompletableFuture<Void> over() {
        return over;
    }

    /** Takes in what a run has on its way. */
    void onTheWay(TransferClass lane, ChangeSet changes) {
        onTheWay.put(lane, copy(changes));
    }

    /** Takes in what a run of this lane has to carry that begins later. */
    void pending(TransferClass lane, ChangeSet changes) {
        boolean ofContent = CARRY_CONTENT.contains(lane) || changes.isByContent();
        changes.forEach((switch (lane) {
            case LAST -> last;
            case GONE -> gone;
            case LARGE, LARGE_ATTRIBUTES -> ofContent ? largeContent : largeCompared;
            default -> ofContent ? content : compared;
        })::add);
    }

    /** Takes in what a run has to carry that begins later, by the lane that each path takes. */
    void pending(ChangeSet changes) {
        changes.forEach((path, extent) -> (extent.compareTo(Extent.ENTRY) <= 0 && travelsLast.test(path) ? last
                : CARRY_CONTENT.contains(TransferClass.of(extent)) || changes.isByContent() ? content : compared).add(path, extent));
    }

    /**
     * Nothing more is taken in but what becomes of that.
     *
     * @param idle whether nothing is pending at the target
     */
    void complete(boolean idle) {
        complete = true;
        isOver(idle);
        noted.complete(null);
    }

    /** Takes in what of a run is left to another lane, where it is about this. */
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
     * A run has brought what it had.
     *
     * @param left what it did not bring, and is pending anew or kept
     * @return whether it was about this
     */
    boolean arrived(TransferRun run, ChangeSet left) {
        ChangeSet on = onTheWay.remove(run.lane());
        if (on != null) {
            settle(on, run.changes(), left);
            pending(run.lane(), on.byContent(run.changes().isByContent()));
            return true;
        }
        // what is not in a folder but named by itself may have been large before
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

    // what is left goes its way by the lane that its extent says
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
     * A run has ended and brought nothing: what it had goes once more.
     *
     * @return whether it was about this
     */
    boolean ended(TransferClass lane, boolean byContent) {
        ChangeSet on = onTheWay.remove(lane);
        if (on != null) {
            pending(lane, on.byContent(byContent));
        }
        return on != null;
    }

    /**
     * Whether nobody has to look at it any more; tells who waits for it.
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
