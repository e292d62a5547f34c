package dev.dromedary.backlog;

import java.util.ArrayList;
import java.util.List;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;

/**
 * Keeps the changes that have arrived during a long run and have to be sent again after it. A run through folders may have read a path
 * before it changed and written it afterwards, and a large file that was in flight for long is older than what came meanwhile. Guarded by
 * its backlog.
 */
final class ResendAfterLongRun {

    private final TargetLanes lanes;
    private ChangeSet afterBulk = new ChangeSet();
    private ChangeSet afterLarge = new ChangeSet();

    ResendAfterLongRun(TargetLanes lanes) {
        this.lanes = lanes;
    }

    /** Records the start of a run, and which runs are in flight together with which bulk runs. */
    void begun() {
        if (lanes.isInFlight(TransferClass.BULK)) {
            ChangeSet bulk = lanes.get(TransferClass.BULK).inFlight;
            lanes.queues().filter(queue -> queue != lanes.get(TransferClass.BULK) && queue.inFlight != null)
                    .filter(queue -> queue.besideBulk.stream().noneMatch(known -> known == bulk)).forEach(queue -> queue.besideBulk.add(bulk));
        }
    }

    /**
     * Records that a run has arrived.
     *
     * @param passedOver large files that the run has left to a lane of their own, and so has not transferred
     * @param most       how many entries are held; more are folded into folders
     */
    void arrived(TransferRun run, ChangeSet passedOver, int most) {
        boolean large = LaneScheduler.LARGE.contains(run.lane());
        List<ChangeSet> bulk = lanes.get(run.lane()).besideBulk;
        if (!bulk.isEmpty()) {
            run.changes().without(passedOver).forEach((path, extent) -> {
                if (bulk.stream().anyMatch(through -> through.touches(path))) {
                    afterBulk.add(path, large ? Extent.ATTRIBUTES : extent);
                }
            });
            afterBulk = afterBulk.size() > most ? afterBulk.fold(most / 2) : afterBulk;
        }
        lanes.inFlight(LaneScheduler.LARGE).filter(other -> other != run.changes()).forEach(other -> other.forEach((path, extent) -> {
            if (!run.changes().pendingAt(path).isEmpty() && !passedOver.covers(path, Extent.ATTRIBUTES)) {
                // its size differs
                afterLarge.add(path, Extent.ATTRIBUTES);
            }
        }));
    }

    /** The changes to send again now that no long run is in flight; each is returned once. */
    List<ChangeSet> due() {
        List<ChangeSet> due = new ArrayList<>();
        if (!lanes.isInFlight(TransferClass.BULK) && !afterBulk.isEmpty()) {
            due.add(afterBulk);
            afterBulk = new ChangeSet();
        }
        if (lanes.inFlight(LaneScheduler.LARGE).findAny().isEmpty() && !afterLarge.isEmpty()) {
            due.add(afterLarge);
            afterLarge = new ChangeSet();
        }
        return due;
    }

    /** Adds to a barrier what will be sent again. */
    void tell(ArrivalBarrier barrier) {
        barrier.pending(afterBulk);
        barrier.pending(afterLarge);
    }
}
