package dev.dromedary.backlog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.Move;
import dev.dromedary.clock.SteadyClock;

/**
 * What one target is owed and has not received. Changes merge in here while the target is busy, and the next run of a
 * lane takes all that has gathered; what comes back from dead letters goes in runs of its own, in turn with the changes.
 * While the target is away nothing is handed out, only the question whether it is back. A path leaves only by
 * {@link #arrived}, or when it is {@link #kept}. Safe for use by several threads.
 */
public final class Backlog {

    private record Turn(LaneType lane, LaneQueue work, boolean replay) {
        long last() {
            return replay ? work.replaysTurn : work.changesTurn;
        }
    }

    /**
     * What is owed for a while and is not on disk.
     *
     * @param original by which {@link #saved} knows it
     * @param copy     its content at that moment
     * @param onTheWay whether a run had it then, so that nothing can have been added to it since
     */
    public record Unsaved(ChangeSet original, ChangeSet copy, boolean onTheWay) {
    }

    /**
     * How many moves wait at once for a target to link what it has; further ones go the ordinary way. Each takes an rsync of its own,
     * and looks at the target besides, so that a thousand renamed folders would hold up all else for a minute: 28 to 78 s were measured.
     * Beyond a few, one run that sends all of them is faster.
     */
    static final int MOST_MOVES = 8;

    private static final Set<LaneType> LARGE = EnumSet.of(LaneType.LARGE, LaneType.LARGE_ATTRIBUTES);
    // a few commands of a script: only what is not on its way yet can be one with what is moved next
    private static final long MOVES_COME_WITHIN_MILLIS = 20;
    // a script that replaces something deletes first, and then writes what refers to it
    private static final long REPLACED_WITHIN_MILLIS = 500;
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final String id;
    private final TargetCircuitBreaker rest;
    // null where each change is carried as soon as can be
    private final ReleaseTrigger gathering;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<LaneType, LaneQueue> lanes = new EnumMap<>(LaneType.class);
    private final Map<String, Integer> waits = new TreeMap<>();
    private ChangeSet besideBulk = new ChangeSet();
    private ChangeSet besideLarge = new ChangeSet();
    private long windowNanos;
    private int most;
    private volatile LaneSelector aside;
    private boolean tidyDue;
    private boolean tidyFailed;
    private boolean tidying;
    private boolean treeArrived;
    private boolean treeDue;
    private long turns;
    private final List<ArrivalBarrier> barriers = new ArrayList<>();
    private boolean closed;

    /**
     * @param id     mirror/target
     * @param window milliseconds from the start of a lane's run to the start of its next, at least
     * @param most   how many entries a lane holds; more are folded into owed folders
     * @param pace   how often a target that is away is asked whether it is back
     * @param aside  which files are large, and whether what was moved may be moved at the target too
     */
    public Backlog(String id, long window, int most, ExponentialBackoff pace, LaneSelector aside) {
        this(id, window, most, pace, aside, null);
    }

    /**
     * As {@link #Backlog(String, long, int, ExponentialBackoff, LaneSelector)}, for a target that gets releases: whatever changes, the whole tree is owed.
     *
     * @param gathering when that is carried; null: at once, and just what has changed
     */
    public Backlog(String id, long window, int most, ExponentialBackoff pace, LaneSelector aside, ReleaseTrigger gathering) {
        this.id = id;
        this.gathering = gathering;
        this.most = most;
        this.rest = new TargetCircuitBreaker(pace);
        this.aside = aside;
        this.windowNanos = TimeUnit.MILLISECONDS.toNanos(window);
        for (LaneType lane : LaneType.values()) {
            lanes.put(lane, new LaneQueue());
        }
    }

    /**
     * Goes on by other options than those that it was made with; all that is owed stays so. Nothing may be under way.
     *
     * @see #Backlog
     */
    public void goOnBy(long window, int entries, ExponentialBackoff pace, LaneSelector files) {
        change(() -> {
            windowNanos = TimeUnit.MILLISECONDS.toNanos(window);
            most = entries;
            aside = files;
            rest.pace(pace);
            lanes.values().forEach(this::fit);
        });
    }

    /** When what has gathered is carried; null where each change is carried as soon as can be. */
    public ReleaseTrigger gathering() {
        return gathering;
    }

    /** Gives the target up, when nothing is under way and what was pending is kept: whoever waits for it is told by cancelled barriers. */
    public void close() {
        change(() -> {
            closed = true;
            barriers.forEach(barrier -> barrier.over().cancel(false));
            barriers.clear();
        });
    }

    /** mirror/target. */
    public String id() {
        return id;
    }

    /** Owes the target what is in the set; never waits. What was read from a dead letter keeps to itself. */
    public void add(ChangeSet changes) {
        lock.lock();
        try {
            if (gathering != null) {
                gather(changes);
            } else if (changes.letters().isEmpty()) {
                // before anything else of this set: what the target has is what it had before all of it
                changes.moves().forEach(move -> moved(move, changes));
                owe(changes.withoutMoves(changes.moves()));
                LaneQueue bulk = lanes.get(LaneType.BULK);
                bulk.pending.byContent(bulk.pending.isByContent() || changes.isByContent());
                lanes.values().forEach(this::fit);
            } else {
                replay(changes);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void gather(ChangeSet changes) {
        LaneQueue trees = lanes.get(LaneType.BULK);
        // what comes back from the disk may have been carried since
        if (changes.isWholeTree() || !changes.letters().isEmpty()) {
            gathering.doubted();
        } else {
            gathering.changed();
        }
        trees.owe("", Extent.TREE, changes.since());
        trees.pending.byContent(trees.pending.isByContent() || changes.isByContent());
        changes.letters().forEach(trees.pending::letter);
    }

    /**
     * Has the run of a release carry also what has come since it began.
     *
     * @return whether something has, so that the source is to be read once more
     */
    public boolean absorb() {
        return changing(() -> {
            LaneQueue trees = lanes.get(LaneType.BULK);
            // what is to be compared by content takes a run of its own
            if (trees.inFlight == null || trees.pending.isEmpty() || trees.pending.isByContent() && !trees.inFlight.isByContent()) {
                return false;
            }
            trees.inFlight.merge(trees.pending);
            trees.inFlightSaved = false;
            trees.pending = new ChangeSet();
            gathering.absorbed();
            return true;
        });
    }

    // nothing is on its way, and nothing may be yet
    private boolean isGathering() {
        return gathering != null && lanes.get(LaneType.BULK).inFlight == null && gathering.waitMillis() != 0;
    }

    private void owe(ChangeSet changes) {
        changes.forEach((path, extent) -> lanes.get(lane(path, extent)).owe(path, extent, changes.since()));
    }

    private LaneType lane(String path, Extent extent) {
        return extent.compareTo(Extent.ENTRY) <= 0 && aside.travelsLast(path) ? LaneType.LAST : LaneType.of(extent);
    }

    private void replay(ChangeSet changes) {
        ChangeSet last = new ChangeSet().cutOff(changes.isCutOff());
        changes.forEach((path, extent) -> {
            if (lane(path, extent) == LaneType.LAST) {
                last.add(path, extent, changes.since());
            }
        });
        ChangeSet others = last.isEmpty() || last.size() == changes.size() ? changes : changes.without(last);
        if (others != changes) {
            // of a letter that holds both, one part has it, and the other is saved anew
            changes.letters().forEach(others::letter);
            lanes.get(LaneType.LAST).owe(last);
        }
        LaneQueue work = lanes.get(last.size() == changes.size() ? LaneType.LAST : LaneType.of(others.mostOwed()));
        work.replays.add(others);
        work.owedNanos = System.nanoTime();
    }

    /** Owes what a run has left to others. */
    void follow(LaneHandover followUp) {
        change(() -> {
            compare(followUp.compared());
            owe(followUp.last());
            LaneQueue work = lanes.get(LaneType.GONE);
            followUp.gone().forEach((path, extent) -> work.owe(path, extent, followUp.gone().since()));
            fit(work);
        });
    }

    /**
     * Waits until nothing in some lanes has been pending since a moment or longer. What comes meanwhile is not waited for.
     *
     * @param moment  of {@link SteadyClock}
     * @param letters how many paths, outside of here, have been pending for as long; asked again and again
     * @param what    what waits, for people
     * @param goesOn  whether it is of use to wait on, given whether only those outside of here are waited for
     * @return whether that is so
     */
    public boolean awaitArrived(long moment, Set<LaneType> of, IntSupplier letters, String what, Predicate<Boolean> goesOn)
            throws InterruptedException {
        try {
            while (true) {
                int outside = letters.getAsInt();
                lock.lockInterruptibly();
                try {
                    int here = of.stream().map(lanes::get).flatMap(LaneQueue::all).filter(set -> set.since() <= moment && !set.isEmpty())
                            .mapToInt(ChangeSet::size).sum();
                    if (here == 0 && outside == 0 && !rest.is()) {
                        return true;
                    }
                    waits.put(what, here + outside);
                    if (!goesOn.test(here == 0 || rest.is())) {
                        return false;
                    }
                    changed.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                } finally {
                    lock.unlock();
                }
            }
        } finally {
            locked(() -> waits.remove(what));
        }
    }

    /** For how many paths others wait, by what waits ({@link #awaitArrived}); empty if none does. */
    public Map<String, Integer> waits() {
        return locked(() -> new TreeMap<>(waits));
    }

    // by the ordinary way, if the target may have something else under the old path; what was moved before is moved before
    private void moved(Move move, ChangeSet with) {
        boolean there = !rest.is() && aside.mayMove() && lanes.get(LaneType.MOVED).pending.moves().size() < MOST_MOVES && lanes.entrySet().stream()
                .filter(lane -> lane.getKey() != LaneType.MOVED).flatMap(lane -> lane.getValue().all())
                .noneMatch(set -> set.covers(move.from(), Extent.ENTRY));
        if (!there) {
            owe(move.entries());
            return;
        }
        boolean certain = treeArrived && Stream.concat(all(), Stream.of(with.withoutMoves(List.of(move))))
                .allMatch(set -> set.owedAt(move.from()).isEmpty() && set.owedAt(move.to()).isEmpty());
        LaneQueue moves = lanes.get(LaneType.MOVED);
        moves.owe(move.certain(certain));
        lanes.get(LaneType.LIVE).owe(moves.pending.takeAllButMoves());
    }

    /** Owes folders, as they are in the set, whose files are compared by size and time: only names are in doubt. */
    void compare(ChangeSet folders) {
        change(() -> {
            LaneQueue work = lanes.get(LaneType.ATTRIBUTES);
            folders.forEach((path, extent) -> work.owe(path, extent, folders.since()));
            fit(work);
        });
    }

    private Stream<ChangeSet> all() {
        return lanes.values().stream().flatMap(LaneQueue::all);
    }

    // an outage under churn must not fill the memory: what is too much is owed by folders, and goes as trees do; to half
    // of what may be, so that it isn't done again for each path that comes
    private void fit(LaneQueue work) {
        boolean ordered = work == lanes.get(LaneType.LAST) || work == lanes.get(LaneType.GONE);
        // a run through folders names these: folded, they would be named by the next one again, and so on
        if (work.pending.size() > most && (!ordered || rest.is())) {
            ChangeSet folded = work.pending.fold(most / 2);
            LaneQueue bulk = lanes.get(LaneType.BULK);
            if (folded.letters().isEmpty()) {
                work.pending = new ChangeSet().byContent(folded.isByContent());
                folded.forEach((path, extent) -> (extent == Extent.TREE || ordered && extent == Extent.LEVEL ? bulk : work).owe(path, extent, folded.since()));
                // a file that was written within a tick, or moved over one of its size and time, is the same by both
                bulk.pending.byContent(bulk.pending.isByContent() || work == lanes.get(LaneType.LIVE) || work == lanes.get(LaneType.LAST));
            } else {
                // a dead letter may go when all of it has arrived, so it is not torn apart
                work.pending = new ChangeSet();
                bulk.owe(folded);
            }
        }
    }

    /**
     * Waits until one of the lanes has something to carry, and hands it over; of several, what was moved, as a target must
     * not lose it before that, but not twice without anything else in between; else what was not served for longest. While the target is halted or away, nothing is handed over.
     *
     * @param of the lanes; none of them may be under way
     */
    public TransferRun take(Set<LaneType> of) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<Turn> next = rest.is() ? Optional.empty()
                        : of.stream().flatMap(this::turns).min(first());
                if (next.isEmpty()) {
                    changed.await();
                    continue;
                }
                LaneQueue work = next.get().work;
                long wait = work.started ? work.startedNanos + windowNanos - System.nanoTime() : 0;
                if (next.get().lane == LaneType.GONE && !next.get().replay) {
                    wait = Math.max(wait, TimeUnit.MILLISECONDS.toNanos(work.pending.since() + REPLACED_WITHIN_MILLIS - SteadyClock.millis()));
                }
                if (next.get().lane == LaneType.MOVED) {
                    wait = Math.max(wait, TimeUnit.MILLISECONDS.toNanos(
                            work.pending.since() + MOVES_COME_WITHIN_MILLIS - SteadyClock.millis()));
                }
                if (gathering != null) {
                    long due = gathering.waitMillis();
                    if (due == ReleaseTrigger.UNTIL_TOLD) {
                        changed.await();
                        continue;
                    }
                    wait = Math.max(wait, TimeUnit.MILLISECONDS.toNanos(due));
                }
                if (wait <= 0) {
                    return start(next.get());
                }
                changed.awaitNanos(wait);
            }
        } finally {
            lock.unlock();
        }
    }

    private Comparator<Turn> first() {
        boolean justMoved = turns > 0 && lanes.get(LaneType.MOVED).changesTurn == turns;
        return Comparator.comparing((Turn turn) -> (turn.lane() == LaneType.MOVED) == justMoved).thenComparingLong(Turn::last);
    }

    private Stream<Turn> turns(LaneType lane) {
        LaneQueue work = lanes.get(lane);
        if (lane == LaneType.BULK && besidesBulk().anyMatch(beside -> beside.inFlight != null
                && beside.startedNanos - work.owedNanos <= 0)) {
            // it has seen the source as it was before: what it finds gone there it may delete after a bulk run brought it
            return Stream.empty();
        }
        if (tidying && LARGE.contains(lane)) {
            return Stream.empty();
        }
        return Stream.concat(work.pending.isEmpty() ? Stream.empty() : Stream.of(new Turn(lane, work, false)),
                work.replays.isEmpty() ? Stream.empty() : Stream.of(new Turn(lane, work, true)));
    }

    private TransferRun start(Turn turn) {
        LaneQueue work = turn.work;
        if (turn.replay) {
            work.inFlight = work.replays.poll();
            work.inFlightSaved = true;
            work.replaysTurn = ++turns;
        } else {
            work.inFlight = turn.lane == LaneType.LARGE ? work.pending.takeFirst() : work.pending;
            work.inFlightSaved = work.pendingSaved;
            work.pending = turn.lane == LaneType.LARGE && !work.pending.isEmpty() ? work.pending : new ChangeSet();
            work.changesTurn = ++turns;
        }
        if (gathering != null) {
            gathering.begin();
        }
        work.started = true;
        work.startedNanos = System.nanoTime();
        if (lanes.get(LaneType.BULK).inFlight != null) {
            lanes.forEach((lane, beside) -> beside.besideBulk |= lane != LaneType.BULK && beside.inFlight != null);
        }
        return new TransferRun(turn.lane, work.inFlight, turn.replay);
    }

    private Stream<LaneQueue> besidesBulk() {
        return Stream.of(lanes.get(LaneType.LIVE), lanes.get(LaneType.MOVED), lanes.get(LaneType.ATTRIBUTES));
    }

    /**
     * Owes what of a run is a large file by a lane of its own, and not by this run; a folder or a tree stays, rsync leaves
     * the large files in it alone (rsync(1), --max-size). Of what was moved, large files that are in a moved folder are
     * left until the run has ended.
     *
     * @return the run with the rest; if nothing is left it has ended
     */
    TransferRun setApart(TransferRun run) {
        if (LARGE.contains(run.lane()) || run.lane() == LaneType.LAST || run.lane() == LaneType.GONE) {
            return run;
        }
        List<Move> moves = run.changes().moves().stream().filter(move -> !move.folder() && isLarge(move.to())).toList();
        ChangeSet large = run.lane() == LaneType.MOVED ? new ChangeSet() : aside.large(run.changes());
        if (moves.isEmpty() && large.isEmpty()) {
            return run;
        }
        lock.lock();
        try {
            boolean written = run.lane() == LaneType.LIVE || run.changes().isByContent();
            LaneType to = written || !moves.isEmpty() ? LaneType.LARGE : LaneType.LARGE_ATTRIBUTES;
            LaneQueue work = lanes.get(to);
            barriers.forEach(barrier -> barrier.setApart(run.lane(), to, large));
            Set<String> letters = run.changes().letters();
            ChangeSet others = large.isEmpty() ? run.changes().withoutMoves(moves) : run.changes().without(large);
            if (others.isEmpty() && run.replay()) {
                // it stays known how often it was tried
                letters.forEach(large::letter);
                work.replays.add(large.cutOff(run.changes().isCutOff()));
            } else {
                moves.forEach(work::owe);
                large.forEach((path, extent) -> work.owe(path, written ? extent : Extent.ATTRIBUTES, large.since()));
                letters.forEach(others.isEmpty() ? work.pending::letter : others::letter);
            }
            lanes.get(run.lane()).inFlight = others;
            if (others.isEmpty()) {
                end(run);
            }
            changed.signalAll();
            return new TransferRun(run.lane(), others, run.replay());
        } finally {
            lock.unlock();
        }
    }

    /** Owes the large files of a whole tree by a lane of their own; its run may be under way. */
    void oweLarge(TransferRun run) {
        ChangeSet large = aside.large(run.changes());
        LaneType to = run.changes().isByContent() ? LaneType.LARGE : LaneType.LARGE_ATTRIBUTES;
        change(() -> {
            barriers.forEach(barrier -> barrier.setApart(run.lane(), to, large));
            large.forEach((path, extent) -> lanes.get(to).owe(path, to == LaneType.LARGE ? extent : Extent.ATTRIBUTES, large.since()));
        });
    }

    /** Whether that is to be done only once the tree has arrived. */
    boolean largeAfterTree() {
        return aside.largeAfterTree();
    }

    private boolean isLarge(String path) {
        ChangeSet one = new ChangeSet();
        one.add(path, Extent.ENTRY);
        return !aside.large(one).isEmpty();
    }

    /**
     * Waits until nothing is owed any more, after large files or the whole tree have arrived: what they may have left at the
     * target besides is of no use then. Until {@link #tidied} no large file is handed out.
     */
    TransferRun awaitTidy() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!tidyDue || rest.is() || !lanes.values().stream().allMatch(LaneQueue::isIdle) || aside.deadLettersWait()) {
                changed.await();
            }
            tidying = true;
            return new TransferRun(LaneType.LARGE, new ChangeSet(), false);
        } finally {
            lock.unlock();
        }
    }

    /** The target is tidied, or will have to be when something has arrived again. */
    void tidied(boolean is) {
        change(() -> {
            tidying = false;
            tidyDue = false;
            tidyFailed = !is;
        });
    }

    /** Whether nothing of use only while large files are carried is left at the target. */
    public boolean isTidy() {
        return locked(() -> !tidyDue && !tidying);
    }

    /** All that the run took is at the target. Says how the target was away, if that shows that it is back, or null. */
    public TargetOutage arrived(TransferRun run) {
        return arrived(run, new ChangeSet(), LaneHandover.NONE, new ChangeSet());
    }

    /**
     * The same, but for some of it, and for the large files in moved folders, that a run has linked by now or has left alone.
     *
     * @param left     what the run did not bring: it is pending anew by now, or kept elsewhere
     * @param followUp what the run has left to others, and is pending by now
     */
    TargetOutage arrived(TransferRun run, ChangeSet left, LaneHandover followUp) {
        return arrived(run, left, followUp, run.lane() == LaneType.MOVED ? aside.large(run.changes()) : new ChangeSet());
    }

    private TargetOutage arrived(TransferRun run, ChangeSet left, LaneHandover followUp, ChangeSet movedLarge) {
        lock.lock();
        try {
            rest.succeeded();
            List<ArrivalBarrier> about = about(run, left, followUp, movedLarge);
            // whatever an earlier process left behind goes with the first tree
            tidyDue |= aside.tidies() && (tidyFailed || run.changes().isWholeTree() && !treeArrived || LARGE.contains(run.lane()));
            treeArrived |= run.changes().isWholeTree();
            if (run.changes().isCutOff() && run.lane() != LaneType.BULK && !LARGE.contains(run.lane())) {
                // compared by size and time, as only names are in doubt; a bulk run tidies up by itself, and large files have
                // a folder of their own
                compare(run.changes().foldersToTidy());
            }
            if (lanes.get(run.lane()).besideBulk) {
                // a bulk run may have read a path before it changed and write it after this run did
                run.changes().forEach((path, extent) ->
                        besideBulk.add(path, LARGE.contains(run.lane()) ? Extent.ATTRIBUTES : extent));
                besideBulk = besideBulk.size() > most ? besideBulk.fold(most / 2) : besideBulk;
            }
            largeInFlight().filter(large -> large != run.changes()).forEach(large -> large.forEach((path, extent) -> {
                if (!run.changes().owedAt(path).isEmpty()) {
                    // what is on its way for long is older than what came meanwhile, and has another size
                    besideLarge.add(path, Extent.ATTRIBUTES);
                }
            }));
            movedLarge.forEach((path, extent) -> lanes.get(LaneType.LARGE_ATTRIBUTES).owe(path, Extent.ATTRIBUTES, movedLarge.since()));
            end(run, about);
            return rest.end(size());
        } finally {
            lock.unlock();
        }
    }

    // the barriers that a run was about; what becomes of it is a part of them
    private List<ArrivalBarrier> about(TransferRun run, ChangeSet left, LaneHandover followUp, ChangeSet movedLarge) {
        if (barriers.isEmpty()) {
            return List.of();
        }
        barriers.forEach(barrier -> barrier.setApart(run.lane(), LaneType.LARGE_ATTRIBUTES, movedLarge));
        List<ArrivalBarrier> about = barriers.stream().filter(barrier -> barrier.arrived(run, left)).toList();
        about.forEach(barrier -> {
            barrier.pending(LaneType.ATTRIBUTES, followUp.compared());
            barrier.pending(LaneType.LAST, followUp.last());
            barrier.pending(LaneType.GONE, followUp.gone());
        });
        return about;
    }

    private Stream<ChangeSet> largeInFlight() {
        return LARGE.stream().map(lane -> lanes.get(lane).inFlight).filter(Objects::nonNull);
    }

    /** What the run took and did not bring is kept elsewhere. */
    public void kept(TransferRun run) {
        lock.lock();
        try {
            end(run);
        } finally {
            lock.unlock();
        }
    }

    /** What the run took is not at the target, nor kept elsewhere: it stays owed. */
    public void failed(TransferRun run) {
        lock.lock();
        try {
            LaneQueue work = lanes.get(run.lane() == LaneType.MOVED ? LaneType.LIVE : run.lane());
            if (run.replay()) {
                work.replays.addFirst(run.changes());
            } else {
                // by now it is not known what the target has under which path
                run.changes().moves().forEach(move -> work.owe(move.entries()));
                work.owe(run.changes().withoutMoves(run.changes().moves()));
                fit(work);
                if (gathering != null) {
                    gathering.doubted();
                }
            }
            end(run);
        } finally {
            lock.unlock();
        }
    }

    private void end(TransferRun run) {
        end(run, barriers.stream().filter(barrier -> barrier.ended(run.lane(), run.changes().isByContent())).toList());
    }

    private void end(TransferRun run, List<ArrivalBarrier> about) {
        LaneQueue work = lanes.get(run.lane());
        work.inFlight = null;
        work.besideBulk = false;
        if (lanes.get(LaneType.BULK).inFlight == null && !besideBulk.isEmpty()) {
            ChangeSet again = besideBulk;
            besideBulk = new ChangeSet();
            add(again);
            about.forEach(barrier -> barrier.pending(again));
        }
        if (largeInFlight().findAny().isEmpty() && !besideLarge.isEmpty()) {
            ChangeSet again = besideLarge;
            besideLarge = new ChangeSet();
            add(again);
            about.forEach(barrier -> barrier.pending(again));
        }
        lookAtBarriers();
        changed.signalAll();
    }

    /**
     * Notes what the target has not received at this moment, on its way and on disk too.
     *
     * @return over when all of that has arrived, as it is now or later, whatever comes meanwhile; cancelled if the target is {@link #close}d
     */
    public ArrivalBarrier barrier() {
        ArrivalBarrier barrier = new ArrivalBarrier(aside::travelsLast);
        Set<String> held = locked(() -> {
            lanes.forEach((lane, work) -> {
                barrier.pending(lane, work.pending);
                work.replays.forEach(set -> barrier.pending(lane, set));
                if (work.inFlight != null) {
                    barrier.onTheWay(lane, work.inFlight);
                }
            });
            barrier.pending(besideBulk);
            barrier.pending(besideLarge);
            if (closed) {
                barrier.over().cancel(false);
            } else {
                barriers.add(barrier);
            }
            return letters();
        });
        // reads files: neither under the lock nor in the way of whoever brings changes
        CompletableFuture.runAsync(() -> {
            ChangeSet onDisk = aside.onDisk(held);
            change(() -> {
                barrier.pending(onDisk);
                barrier.complete(isEmptyOnDiskToo());
                lookAtBarriers();
            });
        });
        return barrier;
    }

    /** Looks whether barriers are over as nothing is pending any more, such as when a person has given up what was. */
    public void lookAgain() {
        change(this::lookAtBarriers);
    }

    private void lookAtBarriers() {
        if (!barriers.isEmpty()) {
            boolean idle = isEmptyOnDiskToo();
            barriers.removeIf(barrier -> barrier.isOver(idle));
        }
    }

    private boolean isEmptyOnDiskToo() {
        return lanes.values().stream().allMatch(LaneQueue::isIdle) && aside.onDisk(Set.of()).isEmpty();
    }

    /**
     * Hands out nothing more until the target is {@link #back}, but lets it be asked, ever more seldom.
     *
     * @param kind   what a run, or the question, ended with
     * @param reason in plain words, for people
     * @param atOnce whether it may be asked without a delay, as it may not be the target's fault
     * @return the pause, if that is news: it begins, or has another reason than before
     */
    public Optional<TargetOutage> pause(RunOutcome kind, String reason, boolean atOnce) {
        return changing(() -> {
            TargetOutage before = rest.pause();
            TargetOutage now = rest.begin(kind, reason, atOnce, size());
            return now.isNewsAfter(before) ? Optional.of(now) : Optional.empty();
        });
    }

    /**
     * The target answers: goes on, unless something else halts it. A target that is full answers too, so it counts as back
     * only when something has arrived, or if nothing is owed.
     *
     * @return how the target was away, if it is back, or null
     */
    public TargetOutage back() {
        return changing(() -> rest.answered(isGathering() || lanes.values().stream().allMatch(LaneQueue::isIdle)) ? rest.end(size()) : null);
    }

    /** Tells, now and then, that some paths could not be carried. */
    public void partly(String reason) {
        change(() -> rest.partly(reason));
    }

    /**
     * Tells whoever is told of failures that something waits for longer than it should, or does so no more.
     *
     * @param text one or two sentences
     */
    public void behind(boolean is, String text) {
        change(() -> rest.behind(is, text));
    }

    TargetNotification awaitNews() throws InterruptedException {
        return rest.awaitNews();
    }

    TargetNotification pollNews() {
        return rest.pollNews();
    }

    /** Whether nothing is handed out for now. */
    public boolean isResting() {
        return locked(rest::is);
    }

    /** Why the target gets nothing for now, or null. */
    public TargetOutage paused() {
        return locked(rest::pause);
    }

    /** Waits until the target is to be asked whether it is back. */
    public TransferRun awaitProbe() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (long wait; (wait = rest.nextQuestion()) != 0;) {
                if (wait < 0) {
                    changed.await();
                } else {
                    changed.await(wait, TimeUnit.MILLISECONDS);
                }
            }
            return new TransferRun(LaneType.LIVE, new ChangeSet(), false);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Carries nothing more to this target until the cause is gone; what comes is kept.
     *
     * @param cause  by which it is ended with {@link #resume}
     * @param reason in plain words, for people
     */
    public void halt(String cause, String reason) {
        change(() -> rest.halt(cause, reason));
    }

    /** Goes on, unless something else halts it. */
    public void resume(String cause) {
        change(() -> rest.resume(cause));
    }

    /** Why nothing is carried until somebody has looked, or null. */
    public String halted() {
        return locked(() -> rest.halts().isEmpty() ? null : rest.halts().values().stream().map(HaltReason::reason).collect(Collectors.joining("; ")));
    }

    /** Why nothing is carried until somebody has looked, by cause; empty if nothing halts it. */
    public Map<String, HaltReason> halts() {
        return locked(() -> new TreeMap<>(rest.halts()));
    }

    /** Lets a target that is away be asked at once whether it is back. */
    public void hurry() {
        change(rest::hurry);
    }

    /** Whether some lanes have nothing that may be carried now, and nothing on the way. */
    public boolean isIdle(Set<LaneType> of) {
        return locked(() -> rest.is() || isGathering() || of.stream().map(lanes::get).allMatch(LaneQueue::isIdle));
    }

    /** What has been owed since before a moment of {@link SteadyClock}, and is not on disk as it is now. */
    public List<Unsaved> unsaved(long before) {
        lock.lock();
        try {
            List<Unsaved> unsaved = new ArrayList<>();
            for (LaneQueue work : lanes.values()) {
                if (work.inFlight != null && !work.inFlightSaved && work.inFlight.since() < before) {
                    unsaved.add(copy(work.inFlight, true));
                }
                if (!work.pending.isEmpty() && !work.pendingSaved && work.pending.since() < before) {
                    unsaved.add(copy(work.pending, false));
                    work.pendingSaved = true;
                }
            }
            return unsaved;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until nothing is owed that is not on disk too, or has arrived.
     *
     * @param millis for so long at most
     * @return whether that is so
     */
    public boolean awaitSafe(long millis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (!lanes.values().stream().allMatch(LaneQueue::isSafe)) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static Unsaved copy(ChangeSet changes, boolean onTheWay) {
        return new Unsaved(changes, new ChangeSet().merge(changes), onTheWay);
    }

    /**
     * Notes that something is on disk now, if it is still owed.
     *
     * @param letter the dead letter that holds it; null if it could not be written
     * @return whether it is still owed
     */
    public boolean saved(Unsaved what, String letter) {
        lock.lock();
        try {
            for (LaneQueue work : lanes.values()) {
                if (work.inFlight == what.original || work.pending == what.original) {
                    if (letter != null) {
                        what.original.letters(what.copy.letters(), letter);
                        work.inFlightSaved |= what.onTheWay;
                    } else if (work.pending == what.original) {
                        work.pendingSaved = false;
                    } else {
                        work.inFlightSaved = false;
                    }
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Owes no more what some dead letters hold, unless a run has it.
     *
     * @param some    ids of parts of one letter
     * @param content what is owed by it
     * @return false if a run has some of it, or some was owed anew since the letter was written
     */
    public boolean forget(Set<String> some, ChangeSet content) {
        return changing(() -> {
            // what came after the letter was written is not in it
            if (lanes.values().stream().anyMatch(work -> work.inFlight != null && holds(work.inFlight, some)
                    || holds(work.pending, some) && !work.pendingSaved)) {
                return false;
            }
            lanes.values().forEach(work -> {
                work.replays.removeIf(set -> holds(set, some));
                if (holds(work.pending, some)) {
                    work.pending = work.pending.forget(some, content);
                }
            });
            return true;
        });
    }

    private static boolean holds(ChangeSet set, Set<String> some) {
        return set.letters().stream().anyMatch(some::contains);
    }

    /** The whole tree is going to be owed: until it has arrived it is not known whether the target is in line. */
    public void treeIsDue() {
        change(() -> treeDue = true);
    }

    /** Whether the target was in line with its source at some time since the start, or is taken for that as it was remembered. */
    public boolean isInLine() {
        return locked(() -> treeArrived || !treeDue);
    }

    /** Whether the whole tree has arrived since the start. */
    public boolean treeArrived() {
        return locked(() -> treeArrived);
    }

    /** The dead letters whose content is in here. */
    public Set<String> letters() {
        return locked(() -> lanes.values().stream().flatMap(LaneQueue::all).flatMap(set -> set.letters().stream())
                    .collect(Collectors.toSet()));
    }

    /**
     * Where a path is among what is pending.
     *
     * @param lane     the way that it takes
     * @param inFlight whether a run has it
     * @param replay   whether it has failed before
     * @param since    the moment of the oldest change that it is pending with, by {@link SteadyClock}
     * @param entries  how many entries there are, of the path itself and of what lies below it
     */
    public record Pending(LaneType lane, boolean inFlight, boolean replay, long since, int entries) {
    }

    /** {@return each place in which a path, or something below it, is pending; what a run has comes first} */
    public List<Pending> pending(String path) {
        return locked(() -> lanes.entrySet().stream().flatMap(lane -> lane.getValue().all().flatMap(set -> {
            ChangeSet part = set.owedAt(path);
            return part.isEmpty() ? Stream.empty()
                    : Stream.of(new Pending(lane.getKey(), set == lane.getValue().inFlight, !set.letters().isEmpty(), set.since(), part.size()));
        })).sorted(Comparator.comparing(Pending::inFlight).reversed()).toList());
    }

    /** How many entries are owed. */
    public int size() {
        return locked(() -> lanes.values().stream().mapToInt(LaneQueue::size).sum());
    }

    /** How many entries some lanes have, those that are on the way among them. */
    public int size(Set<LaneType> of) {
        return locked(() -> of.stream().map(lanes::get).mapToInt(LaneQueue::size).sum());
    }

    /** All that some lanes have, what is on the way too, as one set; a copy. */
    public ChangeSet all(Set<LaneType> of) {
        return locked(() -> {
            ChangeSet all = new ChangeSet();
            of.stream().map(lanes::get).flatMap(LaneQueue::all).forEach(set -> set.forEach((path, extent) -> all.add(path, extent, set.since())));
            return all;
        });
    }

    /**
     * The moment of the oldest change that has not arrived, by {@link SteadyClock}; Long.MAX_VALUE if none. Where releases are made, the
     * moment since when one is due.
     */
    public long since() {
        return locked(() -> gathering != null ? gathering.dueSince(lanes.get(LaneType.BULK).inFlight != null) : lanes.values().stream().flatMap(LaneQueue::all).mapToLong(ChangeSet::since).min().orElse(Long.MAX_VALUE));
    }

    private <T> T locked(Supplier<T> what) {
        lock.lock();
        try {
            return what.get();
        } finally {
            lock.unlock();
        }
    }

    // whoever waits looks again
    private <T> T changing(Supplier<T> what) {
        return locked(() -> {
            changed.signalAll();
            return what.get();
        });
    }

    private void change(Runnable what) {
        changing(() -> {
            what.run();
            return null;
        });
    }
}
