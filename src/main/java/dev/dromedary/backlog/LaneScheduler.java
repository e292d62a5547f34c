package dev.dromedary.backlog;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.clock.SteadyClock;

/**
 * Decides which lane of a target sends next, and when it may begin. The lane that was not served for longest is next, except that moves
 * come first, because a target must not lose what was moved before that. Guarded by its backlog.
 *
 * <table>
 * <caption>What may run beside what</caption>
 * <tr><th>lane</th><th>waits for</th></tr>
 * <tr><td>BULK</td><td>a run of LIVE, MOVED or ATTRIBUTES that began before the folders became pending</td></tr>
 * <tr><td>LARGE, LARGE_ATTRIBUTES</td><td>the cleanup of what large files have left</td></tr>
 * <tr><td>GONE</td><td>half a second from the deletion on</td></tr>
 * <tr><td>MOVED</td><td>20 ms from the move on; and anything else, if the last run was one of MOVED</td></tr>
 * <tr><td>any other</td><td>nothing</td></tr>
 * </table>
 */
final class LaneScheduler {

    /** A run that could be next. */
    record Turn(TransferClass lane, LaneQueue queue, boolean replay) {
        private long last() {
            return replay ? queue.replaysTurn : queue.changesTurn;
        }
    }

    static final Set<TransferClass> LARGE = EnumSet.of(TransferClass.LARGE, TransferClass.LARGE_ATTRIBUTES);

    private static final Set<TransferClass> BESIDE_BULK = EnumSet.of(TransferClass.LIVE, TransferClass.MOVED, TransferClass.ATTRIBUTES);
    // a few commands of a script: what is moved next can only be merged with changes that are not in flight yet
    private static final long MOVES_COME_WITHIN_MILLIS = 20;
    // a script that replaces something deletes first, and then writes what refers to it
    private static final long REPLACED_WITHIN_MILLIS = 500;

    private final TargetLanes lanes;
    private long windowNanos;
    private long turns;

    LaneScheduler(TargetLanes lanes, long windowMillis) {
        this.lanes = lanes;
        window(windowMillis);
    }

    /** @param millis minimum time from the start of a lane's run to the start of its next */
    void window(long millis) {
        windowNanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** The next turn among some lanes, none of which has a run in flight. */
    Optional<Turn> next(Set<TransferClass> of, boolean cleaning) {
        boolean justMoved = turns > 0 && lanes.get(TransferClass.MOVED).changesTurn == turns;
        return of.stream().filter(lane -> mayRun(lane, cleaning)).flatMap(this::turns)
                .min(Comparator.comparing((Turn turn) -> (turn.lane() == TransferClass.MOVED) == justMoved).thenComparingLong(Turn::last));
    }

    private boolean mayRun(TransferClass lane, boolean cleaning) {
        if (lane == TransferClass.BULK) {
            // such a run has seen the earlier source: what it finds gone there it may delete after a bulk run has sent it
            long pendingNanos = lanes.get(lane).pendingNanos;
            return BESIDE_BULK.stream().map(lanes::get).noneMatch(beside -> beside.inFlight != null && beside.startedNanos - pendingNanos <= 0);
        }
        return !(cleaning && LARGE.contains(lane));
    }

    private Stream<Turn> turns(TransferClass lane) {
        LaneQueue queue = lanes.get(lane);
        return Stream.concat(queue.pending.isEmpty() ? Stream.empty() : Stream.of(new Turn(lane, queue, false)),
                queue.replays.isEmpty() ? Stream.empty() : Stream.of(new Turn(lane, queue, true)));
    }

    /** Nanoseconds until the turn may begin; 0 or negative if at once. */
    long waitNanos(Turn turn) {
        LaneQueue queue = turn.queue();
        long wait = queue.started ? queue.startedNanos + windowNanos - System.nanoTime() : 0;
        if (turn.lane() == TransferClass.GONE && !turn.replay()) {
            wait = Math.max(wait, nanosUntil(queue.pending.since() + REPLACED_WITHIN_MILLIS));
        }
        if (turn.lane() == TransferClass.MOVED) {
            wait = Math.max(wait, nanosUntil(queue.pending.since() + MOVES_COME_WITHIN_MILLIS));
        }
        return wait;
    }

    private static long nanosUntil(long moment) {
        return TimeUnit.MILLISECONDS.toNanos(moment - SteadyClock.millis());
    }

    /** Begins the turn: its changes are in flight from now on. */
    TransferRun start(Turn turn) {
        LaneQueue queue = turn.queue();
        if (turn.replay()) {
            queue.inFlight = queue.replays.poll();
            queue.inFlightSaved = true;
            queue.replaysTurn = ++turns;
        } else {
            queue.inFlight = turn.lane() == TransferClass.LARGE ? queue.pending.takeFirst() : queue.pending;
            queue.inFlightSaved = queue.pendingSaved;
            queue.pending = turn.lane() == TransferClass.LARGE && !queue.pending.isEmpty() ? queue.pending : new ChangeSet();
            queue.changesTurn = ++turns;
        }
        queue.started = true;
        queue.startedNanos = System.nanoTime();
        return new TransferRun(turn.lane(), queue.inFlight, turn.replay());
    }
}
