package dev.dromedary.backlog;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;

/** Holds all lanes of one target, and answers questions about all of them. Guarded by its backlog. */
final class TargetLanes {

    private final Map<TransferClass, LaneQueue> queues = new EnumMap<>(TransferClass.class);

    TargetLanes() {
        for (TransferClass lane : TransferClass.values()) {
            queues.put(lane, new LaneQueue());
        }
    }

    LaneQueue get(TransferClass lane) {
        return queues.get(lane);
    }

    Stream<LaneQueue> queues() {
        return queues.values().stream();
    }

    private Stream<LaneQueue> queues(Set<TransferClass> of) {
        return of.stream().map(queues::get);
    }

    /** All sets: what is pending, what is to be replayed and what is in flight. */
    Stream<ChangeSet> sets() {
        return queues().flatMap(LaneQueue::all);
    }

    Stream<ChangeSet> setsBut(TransferClass lane) {
        return queues.entrySet().stream().filter(each -> each.getKey() != lane).flatMap(each -> each.getValue().all());
    }

    /** What is in flight in some lanes. */
    Stream<ChangeSet> inFlight(Set<TransferClass> of) {
        return queues(of).filter(queue -> queue.inFlight != null).map(queue -> queue.inFlight);
    }

    boolean isInFlight(TransferClass lane) {
        return get(lane).inFlight != null;
    }

    boolean isIdle() {
        return queues().allMatch(LaneQueue::isIdle);
    }

    boolean isIdle(Set<TransferClass> of) {
        return queues(of).allMatch(LaneQueue::isIdle);
    }

    /** Returns whether everything outside some lanes is on disk. */
    boolean isSafeBut(Set<TransferClass> some) {
        return queues.entrySet().stream().allMatch(each -> some.contains(each.getKey()) || each.getValue().isSafe());
    }

    int size() {
        return queues().mapToInt(LaneQueue::size).sum();
    }

    int size(Set<TransferClass> of) {
        return queues(of).mapToInt(LaneQueue::size).sum();
    }

    /** How many entries of some lanes have been pending since a moment or longer. */
    int sizeSince(long moment, Set<TransferClass> of) {
        return queues(of).flatMap(LaneQueue::all).filter(set -> set.since() <= moment && !set.isEmpty()).mapToInt(ChangeSet::size).sum();
    }

    /** When the oldest change came; Long.MAX_VALUE if there is none. */
    long since() {
        return sets().mapToLong(ChangeSet::since).min().orElse(Long.MAX_VALUE);
    }

    /** The dead letters whose content is in the lanes. */
    Set<String> letters() {
        return sets().flatMap(set -> set.letters().stream()).collect(Collectors.toSet());
    }

    /** Everything in some lanes, as one set; a copy. */
    ChangeSet copy(Set<TransferClass> of) {
        ChangeSet all = new ChangeSet();
        queues(of).flatMap(LaneQueue::all).forEach(set -> set.forEach((path, extent) -> all.add(path, extent, set.since())));
        return all;
    }

    /** Each place in which a path, or something below it, is pending; places in flight come first. */
    List<Backlog.Pending> pending(String path) {
        return queues.entrySet().stream().flatMap(lane -> lane.getValue().all().flatMap(set -> {
            ChangeSet part = set.pendingAt(path);
            return part.isEmpty() ? Stream.empty()
                    : Stream.of(new Backlog.Pending(lane.getKey(), set == lane.getValue().inFlight, !set.letters().isEmpty(), set.since(), part.size()));
        })).sorted(Comparator.comparing(Backlog.Pending::inFlight).reversed()).toList();
    }

    /** Adds to a barrier everything that has not arrived. */
    void tell(ArrivalBarrier barrier) {
        queues.forEach((lane, queue) -> {
            barrier.pending(lane, queue.pending);
            queue.replays.forEach(set -> barrier.pending(lane, set));
            if (queue.inFlight != null) {
                barrier.onTheWay(lane, queue.inFlight);
            }
        });
    }

    /**
     * Folds surplus entries into folders, which are sent like trees: an outage with many changes must not fill the memory. A set is folded
     * to half of the limit, so that folding is not repeated for each new path.
     *
     * @param most how many entries a lane may hold
     * @param away whether nothing is handed out for now
     */
    void fit(LaneQueue queue, int most, boolean away) {
        boolean ordered = queue == get(TransferClass.LAST) || queue == get(TransferClass.GONE);
        // a run through folders names these paths: if they were folded, the next run would name them again, and so on
        if (queue.pending.size() <= most || ordered && !away) {
            return;
        }
        ChangeSet folded = queue.pending.fold(most / 2);
        LaneQueue bulk = get(TransferClass.BULK);
        if (folded.letters().isEmpty()) {
            Predicate<Extent> goesInBulk = extent -> extent == Extent.TREE || ordered && extent == Extent.LEVEL;
            queue.pending = new ChangeSet().byContent(folded.isByContent());
            folded.forEach((path, extent) -> (goesInBulk.test(extent) ? bulk : queue).enqueue(path, extent, folded.since()));
            // by size and time alone, a file that was written within a tick, or replaced by one of equal size and time, looks unchanged
            bulk.pending.byContent(bulk.pending.isByContent() || queue == get(TransferClass.LIVE) || queue == get(TransferClass.LAST));
        } else {
            // a dead letter may go only when all of it has arrived, so it is not split
            queue.pending = new ChangeSet();
            bulk.enqueue(folded);
        }
    }
}
