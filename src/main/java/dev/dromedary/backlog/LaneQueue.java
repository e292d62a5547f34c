package dev.dromedary.backlog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.Move;

/** Holds what one lane has to send and has in flight, and when its runs began. Guarded by its backlog. */
final class LaneQueue {

    final Deque<ChangeSet> replays = new ArrayDeque<>();
    ChangeSet pending = new ChangeSet();
    ChangeSet inFlight;
    boolean pendingSaved;
    boolean inFlightSaved;
    boolean started;
    long startedNanos;
    long pendingNanos;
    final List<ChangeSet> besideBulk = new ArrayList<>();
    long changesTurn;
    long replaysTurn;

    void enqueue(String path, Extent extent, long since) {
        pending.add(path, extent, since);
        changed();
    }

    void enqueue(Move move) {
        pending.moved(move);
        changed();
    }

    void enqueue(ChangeSet changes) {
        pending.merge(changes);
        changed();
    }

    private void changed() {
        pendingSaved = false;
        pendingNanos = System.nanoTime();
    }

    int size() {
        return pending.size() + replays.stream().mapToInt(ChangeSet::size).sum()
                + (inFlight == null ? 0 : inFlight.size());
    }

    boolean isIdle() {
        return pending.isEmpty() && replays.isEmpty() && inFlight == null;
    }

    /** Returns whether all of it is on disk. */
    boolean isSafe() {
        return (inFlight == null || inFlightSaved) && (pending.isEmpty() || pendingSaved);
    }

    Stream<ChangeSet> all() {
        return Stream.concat(Stream.of(pending), Stream.concat(replays.stream(), Stream.ofNullable(inFlight)));
    }
}
