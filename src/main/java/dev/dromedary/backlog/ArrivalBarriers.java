package dev.dromedary.backlog;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import dev.dromedary.change.ChangeSet;

/** Keeps the open barriers of one target, and updates them with the outcome of each run. Guarded by its backlog. */
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

    /** Cancels all barriers, as nothing will arrive any more. */
    void close() {
        closed = true;
        open.forEach(barrier -> barrier.over().cancel(false));
        open.clear();
    }

    /** Records that some paths move to another lane than that of the run that had them. */
    void setApart(TransferClass from, TransferClass to, ChangeSet changes) {
        open.forEach(barrier -> barrier.setApart(from, to, changes));
    }

    /**
     * Records that a run has succeeded.
     *
     * @param left     what it did not transfer
     * @param handover what it has left to other lanes
     * @return the barriers that the run was about; whatever follows from the run belongs to them
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

    /** Records that a run has ended without success. Returns the barriers that it was about. */
    List<ArrivalBarrier> ended(TransferRun run) {
        return open.stream().filter(barrier -> barrier.ended(run.lane(), run.changes().isByContent())).toList();
    }

    /** @param idle whether nothing at all is pending, on disk included; evaluated only if there is a barrier */
    void look(BooleanSupplier idle) {
        if (!open.isEmpty()) {
            boolean is = idle.getAsBoolean();
            open.removeIf(barrier -> barrier.isOver(is));
        }
    }
}
