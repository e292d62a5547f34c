package dev.dromedary.backlog;

import java.util.List;
import java.util.Map;
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
 * Keeps the changes that one target has not received yet. Changes merge in here while the target is busy, and the next run of a lane takes
 * all that has gathered. Replayed dead letters get runs of their own, in turn with the changes. While the target is away nothing is handed
 * out except probes. A path leaves only by {@link #arrived}, or when it is {@link #kept}. Safe for use by several threads.
 */
public final class Backlog {

    /**
     * Changes that have been pending for a while and are not on disk.
     *
     * @param original identifies them for {@link #saved}
     * @param copy     their content at that moment
     * @param onTheWay whether they were in flight then, so that nothing can have been added to them since
     */
    public record Unsaved(ChangeSet original, ChangeSet copy, boolean onTheWay) {
    }

    /**
     * How many moves may wait at once for a target to link what it has; further ones are sent in the ordinary way. Each takes an rsync of
     * its own, and looks at the target besides, so that a thousand renamed folders would hold up everything else for a minute: 28 to 78 s
     * were measured. Beyond a few, one run that sends all of them is faster.
     */
    static final int MOST_MOVES = 8;

    private static final long LOOK_AGAIN_MILLIS = 100;

    private final String id;
    private final TargetCircuitBreaker breaker;
    // null if each change is sent as soon as possible
    private final ReleaseTrigger releaseTrigger;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TargetLanes lanes = new TargetLanes();
    private final LaneScheduler schedule;
    private final LaneCheckpointTracker checkpoint = new LaneCheckpointTracker(lanes);
    private final ResendAfterLongRun resend = new ResendAfterLongRun(lanes);
    private final CleanupState cleanup = new CleanupState();
    private final ArrivalBarriers barriers = new ArrivalBarriers();
    private final Map<String, Integer> waits = new TreeMap<>();
    private int most;
    private volatile BacklogPolicy policy;
    private boolean treeArrived;
    private boolean treeDue;

    /**
     * @param id      mirror/target
     * @param window  minimum milliseconds from the start of a lane's run to the start of its next
     * @param most    how many entries a lane holds; more are folded into pending folders
     * @param backoff how often a target that is away is probed
     * @param policy  which files are large, and whether a move may be repeated at the target
     */
    public Backlog(String id, long window, int most, ExponentialBackoff backoff, BacklogPolicy policy) {
        this(id, window, most, backoff, policy, null);
    }

    /**
     * Creates the backlog of a target that gets releases: whatever changes, the whole tree becomes pending.
     *
     * @param releaseTrigger when the tree is sent; null: only what has changed is sent, at once
     * @see #Backlog(String, long, int, ExponentialBackoff, BacklogPolicy)
     */
    public Backlog(String id, long window, int most, ExponentialBackoff backoff, BacklogPolicy policy, ReleaseTrigger releaseTrigger) {
        this.id = id;
        this.releaseTrigger = releaseTrigger;
        this.most = most;
        this.breaker = new TargetCircuitBreaker(backoff);
        this.policy = policy;
        this.schedule = new LaneScheduler(lanes, window);
    }

    /**
     * Replaces the options that the backlog was created with; everything pending stays. Nothing may be in flight.
     *
     * @see #Backlog
     */
    public void goOnBy(long window, int entries, ExponentialBackoff backoff, BacklogPolicy another) {
        change(() -> {
            schedule.window(window);
            most = entries;
            policy = another;
            breaker.backoff(backoff);
            lanes.queues().forEach(this::fit);
        });
    }

    /** Decides when gathered changes are sent; null if each change is sent as soon as possible. */
    public ReleaseTrigger releaseTrigger() {
        return releaseTrigger;
    }

    /** Gives up the target, once nothing is in flight and pending changes are kept. Its barriers are cancelled, which ends all waits. */
    public void close() {
        change(barriers::close);
    }

    /** mirror/target. */
    public String id() {
        return id;
    }

    /** Enqueues the changes of the set for the target; never waits. A set that was read from a dead letter is not merged with others. */
    public void add(ChangeSet changes) {
        lock.lock();
        try {
            if (releaseTrigger != null) {
                gather(changes);
            } else if (changes.letters().isEmpty()) {
                // before anything else in this set: the target still has the state from before all of it
                changes.moves().forEach(move -> moved(move, changes));
                enqueue(changes.withoutMoves(changes.moves()));
                LaneQueue bulk = lanes.get(TransferClass.BULK);
                bulk.pending.byContent(bulk.pending.isByContent() || changes.isByContent());
                lanes.queues().forEach(this::fit);
            } else {
                replay(changes);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void gather(ChangeSet changes) {
        LaneQueue trees = lanes.get(TransferClass.BULK);
        // what comes back from disk may have been sent since
        if (changes.isWholeTree() || !changes.letters().isEmpty()) {
            releaseTrigger.doubted();
        } else {
            releaseTrigger.changed();
        }
        trees.enqueue("", Extent.TREE, changes.since());
        trees.pending.byContent(trees.pending.isByContent() || changes.isByContent());
        changes.letters().forEach(trees.pending::letter);
    }

    /**
     * Lets the current run of a release also send what has come since it began.
     *
     * @return whether there was something, so that the source has to be read once more
     */
    public boolean absorb() {
        return changing(() -> {
            LaneQueue trees = lanes.get(TransferClass.BULK);
            // a comparison by content takes a run of its own
            if (trees.inFlight == null || trees.pending.isEmpty() || trees.pending.isByContent() && !trees.inFlight.isByContent()) {
                return false;
            }
            trees.inFlight.merge(trees.pending);
            trees.inFlightSaved = false;
            trees.pending = new ChangeSet();
            releaseTrigger.absorbed();
            return true;
        });
    }

    // nothing is in flight, and nothing may be yet
    private boolean isGathering() {
        return releaseTrigger != null && !lanes.isInFlight(TransferClass.BULK) && releaseTrigger.waitMillis() != 0;
    }

    private void enqueue(ChangeSet changes) {
        changes.forEach((path, extent) -> lanes.get(lane(path, extent)).enqueue(path, extent, changes.since()));
    }

    private TransferClass lane(String path, Extent extent) {
        return extent.compareTo(Extent.ENTRY) <= 0 && policy.travelsLast(path) ? TransferClass.LAST : TransferClass.of(extent);
    }

    private void replay(ChangeSet changes) {
        ChangeSet last = new ChangeSet().cutOff(changes.isCutOff());
        changes.forEach((path, extent) -> {
            if (lane(path, extent) == TransferClass.LAST) {
                last.add(path, extent, changes.since());
            }
        });
        ChangeSet others = last.isEmpty() || last.size() == changes.size() ? changes : changes.without(last);
        if (others != changes) {
            // of a letter that holds both, one part keeps it, and the other is saved anew
            changes.letters().forEach(others::letter);
            lanes.get(TransferClass.LAST).enqueue(last);
        }
        LaneQueue queue = lanes.get(last.size() == changes.size() ? TransferClass.LAST : TransferClass.of(others.widestExtent()));
        queue.replays.add(others);
        queue.pendingNanos = System.nanoTime();
    }

    /** Enqueues what a run has left to other lanes. */
    void follow(DeferredChanges followUp) {
        change(() -> {
            compare(followUp.compared());
            enqueue(followUp.last());
            LaneQueue queue = lanes.get(TransferClass.GONE);
            followUp.gone().forEach((path, extent) -> queue.enqueue(path, extent, followUp.gone().since()));
            fit(queue);
            policy.passedOver(followUp.large());
            followUp.large().forEach((path, extent) -> lanes.get(followUp.largeLane()).enqueue(path,
                    followUp.written() ? extent : Extent.ATTRIBUTES, followUp.large().since()));
        });
    }

    /**
     * Waits until nothing in some lanes has been pending since a moment or longer. What comes meanwhile is not waited for.
     *
     * @param moment  by {@link SteadyClock}
     * @param letters how many paths outside this backlog have been pending for as long; polled
     * @param what    what waits, for people
     * @param goesOn  whether to go on waiting; its argument says whether only those paths outside are waited for
     * @return whether all of it has arrived
     */
    public boolean awaitArrived(long moment, Set<TransferClass> of, IntSupplier letters, String what, Predicate<Boolean> goesOn)
            throws InterruptedException {
        try {
            while (true) {
                int outside = letters.getAsInt();
                lock.lockInterruptibly();
                try {
                    int here = lanes.sizeSince(moment, of);
                    if (here == 0 && outside == 0 && !breaker.isOpen()) {
                        return true;
                    }
                    waits.put(what, here + outside);
                    if (!goesOn.test(here == 0 || breaker.isOpen())) {
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

    /** How many paths are being waited for, by what waits ({@link #awaitArrived}); empty if nothing waits. */
    public Map<String, Integer> waits() {
        return locked(() -> new TreeMap<>(waits));
    }

    // in the ordinary way if the target may have something else under the old path; moves keep their order
    private void moved(Move move, ChangeSet with) {
        boolean there = !breaker.isOpen() && policy.mayMove() && lanes.get(TransferClass.MOVED).pending.moves().size() < MOST_MOVES
                && lanes.setsBut(TransferClass.MOVED).noneMatch(set -> set.covers(move.from(), Extent.ENTRY));
        if (!there) {
            enqueue(move.entries());
            return;
        }
        boolean certain = move.certain() && treeArrived && Stream.concat(lanes.sets(), Stream.of(with.withoutMoves(List.of(move))))
                .allMatch(set -> set.pendingAt(move.from()).isEmpty() && set.pendingAt(move.to()).isEmpty());
        LaneQueue moves = lanes.get(TransferClass.MOVED);
        moves.enqueue(move.certain(certain));
        lanes.get(TransferClass.LIVE).enqueue(moves.pending.takeAllButMoves());
    }

    /** Enqueues folders, with the extent that the set has for each. Their files are compared by size and time: only names are in doubt. */
    void compare(ChangeSet folders) {
        change(() -> {
            LaneQueue queue = lanes.get(TransferClass.ATTRIBUTES);
            folders.forEach((path, extent) -> queue.enqueue(path, extent, folders.since()));
            fit(queue);
        });
    }

    private void fit(LaneQueue queue) {
        lanes.fit(queue, most, breaker.isOpen());
    }

    /**
     * Waits until one of the lanes has something to send, and hands it over. Of several lanes, moves come first, as a target must not lose
     * what was moved before that, but not twice in a row if anything else waits; otherwise the lane that was not served for longest.
     * Nothing is handed over while the target is halted or away.
     *
     * @param of the lanes; none of them may have a run in flight
     */
    public TransferRun take(Set<TransferClass> of) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<LaneScheduler.Turn> next = breaker.isOpen() ? Optional.empty() : schedule.next(of, cleanup.isActive());
                long release = releaseTrigger == null ? 0 : releaseTrigger.waitMillis();
                if (next.isEmpty() || release == ReleaseTrigger.UNTIL_TOLD) {
                    changed.await();
                    continue;
                }
                long wait = Math.max(schedule.waitNanos(next.get()), TimeUnit.MILLISECONDS.toNanos(release));
                if (wait <= 0) {
                    return start(next.get());
                }
                changed.awaitNanos(wait);
            }
        } finally {
            lock.unlock();
        }
    }

    private TransferRun start(LaneScheduler.Turn turn) {
        TransferRun run = schedule.start(turn);
        if (releaseTrigger != null) {
            releaseTrigger.begin();
        }
        resend.begun();
        return run;
    }

    /**
     * Moves the large files of a run to a lane of their own. A folder or a tree stays in the run, as rsync skips the large files in it
     * (rsync(1), --max-size). Large files in a moved folder are left until the run has ended.
     *
     * @return the run with the rest; if nothing is left the run has ended
     */
    TransferRun setApart(TransferRun run) {
        if (LaneScheduler.LARGE.contains(run.lane()) || run.lane() == TransferClass.LAST || run.lane() == TransferClass.GONE) {
            return run;
        }
        List<Move> moves = run.changes().moves().stream().filter(move -> !move.folder() && isLarge(move.to())).toList();
        ChangeSet large = run.lane() == TransferClass.MOVED ? new ChangeSet() : policy.large(run.changes());
        if (moves.isEmpty() && large.isEmpty()) {
            return run;
        }
        lock.lock();
        try {
            boolean written = run.lane() == TransferClass.LIVE || run.changes().isByContent();
            TransferClass to = written || !moves.isEmpty() ? TransferClass.LARGE : TransferClass.LARGE_ATTRIBUTES;
            LaneQueue queue = lanes.get(to);
            barriers.setApart(run.lane(), to, large);
            Set<String> letters = run.changes().letters();
            ChangeSet others = large.isEmpty() ? run.changes().withoutMoves(moves) : run.changes().without(large);
            if (others.isEmpty() && run.replay()) {
                // keeps the number of attempts known
                letters.forEach(large::letter);
                queue.replays.add(large.cutOff(run.changes().isCutOff()));
            } else {
                moves.forEach(queue::enqueue);
                large.forEach((path, extent) -> queue.enqueue(path, written ? extent : Extent.ATTRIBUTES, large.since()));
                letters.forEach(others.isEmpty() ? queue.pending::letter : others::letter);
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

    /** Enqueues the large files of a whole tree on a lane of their own; the tree's run may be in flight. */
    void enqueueLarge(TransferRun run) {
        ChangeSet large = policy.large(run.changes());
        TransferClass to = run.changes().isByContent() ? TransferClass.LARGE : TransferClass.LARGE_ATTRIBUTES;
        change(() -> {
            barriers.setApart(run.lane(), to, large);
            large.forEach((path, extent) -> lanes.get(to).enqueue(path, to == TransferClass.LARGE ? extent : Extent.ATTRIBUTES, large.since()));
        });
    }

    /** Returns whether the large files of a tree are enqueued only once it has arrived. */
    boolean largeAfterTree() {
        return policy.largeAfterTree();
    }

    private boolean isLarge(String path) {
        ChangeSet one = new ChangeSet();
        one.add(path, Extent.ENTRY);
        return !policy.large(one).isEmpty();
    }

    /**
     * Waits until nothing is pending any more, after large files or the whole tree have arrived. Whatever they may have left behind at the
     * target is of no use then. No large file is handed out until {@link #tidied}.
     */
    TransferRun awaitTidy() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!cleanup.isDue() || breaker.isOpen() || !lanes.isIdle() || policy.deadLettersWait()) {
                changed.await();
            }
            cleanup.begin();
            return new TransferRun(TransferClass.LARGE, new ChangeSet(), false);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the cleanup of the target; if it failed it is due again after the next arrival. */
    void tidied(boolean is) {
        change(() -> cleanup.end(is));
    }

    /** Returns whether the target is free of leftovers, which are of use only while large files are sent. */
    public boolean isTidy() {
        return locked(cleanup::isClean);
    }

    /** Records that everything in the run is at the target. Returns the outage that ended with it, or null. */
    public TargetOutage arrived(TransferRun run) {
        return arrived(run, new ChangeSet(), DeferredChanges.NONE, new ChangeSet());
    }

    /**
     * Records the arrival of a run that did not transfer everything: some paths may be left, and so may the large files in moved folders,
     * which the run has either linked or skipped.
     *
     * @param left     what the run did not transfer: it is pending again by now, or kept elsewhere
     * @param followUp what the run has left to other lanes, where it is pending by now
     */
    TargetOutage arrived(TransferRun run, ChangeSet left, DeferredChanges followUp) {
        return arrived(run, left, followUp, run.lane() == TransferClass.MOVED ? policy.large(run.changes()) : new ChangeSet());
    }

    private TargetOutage arrived(TransferRun run, ChangeSet left, DeferredChanges followUp, ChangeSet movedLarge) {
        lock.lock();
        try {
            breaker.succeeded();
            barriers.setApart(run.lane(), TransferClass.LARGE_ATTRIBUTES, movedLarge);
            List<ArrivalBarrier> about = barriers.arrived(run, left, followUp);
            boolean large = LaneScheduler.LARGE.contains(run.lane());
            if (policy.tidies()) {
                // the first tree also clears what an earlier process left behind
                cleanup.arrived(large || run.changes().isWholeTree() && !treeArrived);
            }
            treeArrived |= run.changes().isWholeTree();
            if (run.changes().isCutOff() && run.lane() != TransferClass.BULK && !large) {
                // compared by size and time, as only names are in doubt; a bulk run tidies up by itself, and large files have a folder of
                // their own
                compare(run.changes().foldersToTidy());
            }
            resend.arrived(run, followUp.large(), most);
            movedLarge.forEach((path, extent) -> lanes.get(TransferClass.LARGE_ATTRIBUTES).enqueue(path, Extent.ATTRIBUTES, movedLarge.since()));
            end(run, about);
            return breaker.isBack(policy.deadLettersWait()) ? breaker.end(size()) : null;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a run whose changes did not arrive but are kept elsewhere. */
    public void kept(TransferRun run) {
        lock.lock();
        try {
            end(run);
        } finally {
            lock.unlock();
        }
    }

    /** Ends a run whose changes neither arrived nor are kept elsewhere: they stay pending. */
    public void failed(TransferRun run) {
        lock.lock();
        try {
            LaneQueue queue = lanes.get(run.lane() == TransferClass.MOVED ? TransferClass.LIVE : run.lane());
            if (run.replay()) {
                queue.replays.addFirst(run.changes());
            } else {
                // it is no longer known what the target has under which path
                run.changes().moves().forEach(move -> queue.enqueue(move.entries()));
                queue.enqueue(run.changes().withoutMoves(run.changes().moves()));
                fit(queue);
                if (releaseTrigger != null) {
                    releaseTrigger.doubted();
                }
            }
            end(run);
        } finally {
            lock.unlock();
        }
    }

    private void end(TransferRun run) {
        end(run, barriers.ended(run));
    }

    private void end(TransferRun run, List<ArrivalBarrier> about) {
        LaneQueue queue = lanes.get(run.lane());
        queue.inFlight = null;
        queue.besideBulk.clear();
        resend.due().forEach(again -> {
            add(again);
            about.forEach(barrier -> barrier.pending(again));
        });
        lookAtBarriers();
        changed.signalAll();
    }

    /**
     * Notes what the target has not received at this moment, including what is in flight and on disk.
     *
     * @return over when all of that has arrived, in its state of now or a later one, whatever comes meanwhile; cancelled if the target is
     *         {@link #close}d
     */
    public ArrivalBarrier barrier() {
        ArrivalBarrier barrier = new ArrivalBarrier(policy::travelsLast);
        Set<String> held = locked(() -> {
            lanes.tell(barrier);
            resend.tell(barrier);
            barriers.add(barrier);
            return letters();
        });
        // reads files: must neither hold the lock nor delay whoever adds changes
        CompletableFuture.runAsync(() -> {
            ChangeSet onDisk = policy.onDisk(held);
            change(() -> {
                barrier.pending(onDisk);
                barrier.complete(isEmptyOnDiskToo());
                lookAtBarriers();
            });
        });
        return barrier;
    }

    /** Checks again whether barriers are over because nothing is pending any more, for example after a person has discarded it. */
    public void lookAgain() {
        change(this::lookAtBarriers);
    }

    private void lookAtBarriers() {
        barriers.look(this::isEmptyOnDiskToo);
    }

    private boolean isEmptyOnDiskToo() {
        return lanes.isIdle() && policy.onDisk(Set.of()).isEmpty();
    }

    /**
     * Hands out nothing more until the target is {@link #back}, except for probes, at growing intervals.
     *
     * @param kind   the outcome of the run or probe
     * @param reason in plain words, for people
     * @param atOnce whether to probe without a delay, as the target may not be at fault
     * @return the outage, if it is news: it has just begun, or has another reason than before
     */
    public Optional<TargetOutage> pause(RunOutcome kind, String reason, boolean atOnce) {
        return changing(() -> {
            TargetOutage before = breaker.pause();
            TargetOutage now = breaker.begin(kind, reason, atOnce, size());
            return now.isNewsAfter(before) ? Optional.of(now) : Optional.empty();
        });
    }

    /**
     * Resumes after the target has answered, unless something else halts it. A target that is full answers too, so it counts as back only
     * when something has arrived, or if nothing is pending.
     *
     * @return the outage that is over, or null
     */
    public TargetOutage back() {
        return changing(() -> breaker.answered(isGathering() || lanes.isIdle()) ? breaker.end(size()) : null);
    }

    /** Reports, at most every ten minutes, that some paths could not be sent. */
    public void partly(String reason) {
        change(() -> breaker.partly(reason));
    }

    /**
     * Sends an on-failure notification that something waits for longer than it should, or no longer does.
     *
     * @param text one or two sentences
     */
    public void behind(boolean is, String text) {
        change(() -> breaker.behind(is, text));
    }

    /**
     * Sends an on-failure notification that somebody else has changed something at the target.
     *
     * @param text one or two sentences
     */
    public void tampered(String text) {
        change(() -> breaker.tampered(text));
    }

    TargetNotification awaitNews() throws InterruptedException {
        return breaker.awaitNews();
    }

    TargetNotification pollNews() {
        return breaker.pollNews();
    }

    /** Returns whether nothing is handed out for now. */
    public boolean isResting() {
        return locked(breaker::isOpen);
    }

    /** Why the target gets nothing for now, or null. */
    public TargetOutage paused() {
        return locked(breaker::pause);
    }

    /** Waits until the next probe of the target is due. */
    public TransferRun awaitProbe() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (long wait; (wait = breaker.nextQuestion()) != 0;) {
                if (wait < 0) {
                    changed.await();
                } else {
                    changed.await(wait, TimeUnit.MILLISECONDS);
                }
            }
            return new TransferRun(TransferClass.LIVE, new ChangeSet(), false);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends nothing more to this target until the cause is gone; new changes are kept.
     *
     * @param cause  the key by which {@link #resume} ends the halt
     * @param reason in plain words, for people
     */
    public void halt(String cause, String reason) {
        change(() -> breaker.halt(cause, reason));
    }

    /** Ends the halt with this cause; sending goes on unless something else halts it. */
    public void resume(String cause) {
        change(() -> breaker.resume(cause));
    }

    /** Why nothing is sent until somebody has looked, or null. */
    public String halted() {
        return locked(() -> breaker.halts().isEmpty() ? null : breaker.halts().values().stream().map(HaltReason::reason).collect(Collectors.joining("; ")));
    }

    /** Why nothing is sent until somebody has looked, by cause; empty if nothing halts the target. */
    public Map<String, HaltReason> halts() {
        return locked(() -> new TreeMap<>(breaker.halts()));
    }

    /** Lets a target that is away be probed at once. */
    public void hurry() {
        change(breaker::hurry);
    }

    /** Returns whether some lanes have nothing that may be sent now, and nothing in flight. */
    public boolean isIdle(Set<TransferClass> of) {
        return locked(() -> breaker.isOpen() || isGathering() || lanes.isIdle(of));
    }

    /** The changes that have been pending since before a moment of {@link SteadyClock}, and whose current state is not on disk. */
    public List<Unsaved> unsaved(long before) {
        return locked(() -> checkpoint.unsaved(before));
    }

    /**
     * Waits until everything pending has arrived or is on disk. Does not wait for large files, which take long.
     *
     * @param millis for so long at most
     * @return whether everything is safe, large files included
     */
    public boolean awaitSafe(long millis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (!lanes.isSafeBut(LaneScheduler.LARGE)) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return lanes.isSafeBut(Set.of());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Notes that changes are on disk now, if they are still pending.
     *
     * @param letter the dead letter that holds them; null if it could not be written
     * @return whether they are still pending
     */
    public boolean saved(Unsaved what, String letter) {
        return locked(() -> checkpoint.saved(what, letter));
    }

    /**
     * Drops the changes that some dead letters hold, unless a run has them in flight.
     *
     * @param some    ids of parts of one letter
     * @param content the changes that the letter holds
     * @return false if a run has some of them, or some became pending again since the letter was written
     */
    public boolean forget(Set<String> some, ChangeSet content) {
        return changing(() -> checkpoint.forget(some, content));
    }

    /** Notes that the whole tree is about to be enqueued: until it has arrived it is not known whether the target is in line. */
    public void treeIsDue() {
        change(() -> treeDue = true);
    }

    /** Returns whether the target was in line with its source at some time since the start, or was remembered as being so. */
    public boolean isInLine() {
        return locked(() -> treeArrived || !treeDue);
    }

    /** Returns whether a comparison of whole folders is under way, from its start until all that it has found is at the target or kept. */
    public boolean isComparing() {
        return locked(() -> lanes.isInFlight(TransferClass.BULK));
    }

    /** Returns whether the whole tree has arrived since the start. */
    public boolean treeArrived() {
        return locked(() -> treeArrived);
    }

    /** The dead letters whose content is in this backlog. */
    public Set<String> letters() {
        return locked(lanes::letters);
    }

    /**
     * Where a path is pending.
     *
     * @param lane     the lane that it takes
     * @param inFlight whether a run has it
     * @param replay   whether it has failed before
     * @param since    when the oldest change that it is pending with came, by {@link SteadyClock}
     * @param entries  how many entries there are, of the path itself and of what lies below it
     */
    public record Pending(TransferClass lane, boolean inFlight, boolean replay, long since, int entries) {
    }

    /** {@return each place in which a path, or something below it, is pending; places in flight come first} */
    public List<Pending> pending(String path) {
        return locked(() -> lanes.pending(path));
    }

    /** How many entries are pending. */
    public int size() {
        return locked(lanes::size);
    }

    /** How many entries some lanes have, including those in flight. */
    public int size(Set<TransferClass> of) {
        return locked(() -> lanes.size(of));
    }

    /** Everything in some lanes, including what is in flight, as one set; a copy. */
    public ChangeSet all(Set<TransferClass> of) {
        return locked(() -> lanes.copy(of));
    }

    /**
     * When the oldest change that has not arrived came, by {@link SteadyClock}; Long.MAX_VALUE if there is none. For a target that gets
     * releases, since when a release is due.
     */
    public long since() {
        return locked(() -> releaseTrigger != null ? releaseTrigger.dueSince(lanes.isInFlight(TransferClass.BULK)) : lanes.since());
    }

    private <T> T locked(Supplier<T> what) {
        lock.lock();
        try {
            return what.get();
        } finally {
            lock.unlock();
        }
    }

    // wakes up all waiting threads
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
