package dev.dromedary.backlog;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.dromedary.change.ChangeSet;

/** Tracks which changes of the lanes are on disk as dead letters, and which are not. Guarded by its backlog. */
final class LaneCheckpointTracker {

    private final TargetLanes lanes;

    LaneCheckpointTracker(TargetLanes lanes) {
        this.lanes = lanes;
    }

    /** The changes that have been pending since before a moment, and whose current state is not on disk. */
    List<Backlog.Unsaved> unsaved(long before) {
        List<Backlog.Unsaved> unsaved = new ArrayList<>();
        lanes.queues().forEach(queue -> {
            if (queue.inFlight != null && !queue.inFlightSaved && queue.inFlight.since() < before) {
                unsaved.add(copy(queue.inFlight, true));
            }
            if (!queue.pending.isEmpty() && !queue.pendingSaved && queue.pending.since() < before) {
                unsaved.add(copy(queue.pending, false));
                queue.pendingSaved = true;
            }
        });
        return unsaved;
    }

    private static Backlog.Unsaved copy(ChangeSet changes, boolean onTheWay) {
        return new Backlog.Unsaved(changes, new ChangeSet().merge(changes), onTheWay);
    }

    /** Notes that changes are on disk now, or could not be written if the letter is null. Returns whether they are still pending. */
    boolean saved(Backlog.Unsaved what, String letter) {
        return lanes.queues().filter(queue -> queue.inFlight == what.original() || queue.pending == what.original()).findFirst().map(queue -> {
            if (letter != null) {
                what.original().letters(what.copy().letters(), letter);
                queue.inFlightSaved |= what.onTheWay();
            } else if (queue.pending == what.original()) {
                queue.pendingSaved = false;
            } else {
                queue.inFlightSaved = false;
            }
            return true;
        }).orElse(false);
    }

    /** Drops what some parts of a letter hold. Returns false if a run has it, or some of it became pending again since it was written. */
    boolean forget(Set<String> some, ChangeSet content) {
        if (lanes.queues().anyMatch(queue -> queue.inFlight != null && holds(queue.inFlight, some)
                || holds(queue.pending, some) && !queue.pendingSaved)) {
            return false;
        }
        lanes.queues().forEach(queue -> {
            queue.replays.removeIf(set -> holds(set, some));
            if (holds(queue.pending, some)) {
                queue.pending = queue.pending.forget(some, content);
            }
        });
        return true;
    }

    private static boolean holds(ChangeSet set, Set<String> some) {
        return set.letters().stream().anyMatch(some::contains);
    }
}
