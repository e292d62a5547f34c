package dev.dromedary.backlog;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import dev.dromedary.change.ChangeSet;

/** The barriers of one target that are not over yet, and what a run means for them. Guarded by its backlog. */
final class ArrivalBarriers {

    private final List<ArrivalBarrier> open = new ArrayList<>();
    private boolean closed;

    void add(ArrivalBarrier barrier) {
        if (closed) {
            barrier.over().cancel(false);
        } else {
            open.add(barrier);
        }
    }

    /** Nothing arrives any more. */
    void close() {
        closed = true;
        open.forEach(barrier -> barrier.over().cancel(false));
        open.clear();
    }

    /** Some paths go by another lane than the run that had them. */
    void setApart(TransferClass from, TransferClass to, ChangeSet changes) {
        open.forEach(barrier -> barrier.setApart(from, to, changes));
    }

    /**
     * A run has ended well.
     *
     * @param left     what it did not bring
     * @param handover what it has left to other lanes
     * @return those that the run was about; what becomes of it is a part of them
     */
    List<ArrivalBarrier> arrived(TransferRun run, ChangeSet left, DeferredChanges handover) {
        List<ArrivalBarrier> about = open.stream().filter(barrier -> barrier.arrived(run, left)).toList();
        about.forEach(barrier -> {
            barrier.pending(TransferClass.ATTRIBUTES, handover.compared());
            barrier.pending(TransferClass.LAST, handover.last());
            barrier.pending(TransferClass.GONE, handover.gone());
            barrier.pending(handover.largeLane(), handover.large());
        });
        return about;
    }

    /** A run has ended in another way: those that it was about. */
    List<ArrivalBarrier> ended(TransferRun run) {
        return open.stream().filter(barrier -> barrier.ended(run.lane(), run.changes().isByContent())).toList();
    }

    /** @param idle whether nothing at all is pending, on disk neither; asked only if there is a barrier */
    void look(BooleanSupplier idle) {
        if (!open.isEmpty()) {
            boolean is = idle.getAsBoolean();
            open.removeIf(barrier -> barrier.isOver(is));
        }
    }
}
