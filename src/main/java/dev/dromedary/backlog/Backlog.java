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
 * What one target is owed and has not received. Changes merge in here while the target is busy, and the next run of a
 * lane takes all that has gathered; what comes back from dead letters goes in runs of its own, in turn with the changes.
 * While the target is away nothing is handed out, only the question whether it is back. A path leaves only by
 * {@link #arrived}, or when it is {@link #kept}. Safe for use by several threads.
 */
public final class Backlog {

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

    private static final long LOOK_AGAIN_MILLIS = 100;

    private final String id;
    private final TargetCircuitBreaker breaker;
    // null where each change is carried as soon as can be
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
     * @param id     mirror/target
     * @param window milliseconds from the start of a lane's run to the start of its next, at least
     * @param most   how many entries a lane holds; more are folded into owed folders
     * @param backoff how often a target that is away is asked whether it is back
     * @param policy which files are large, and whether what was moved may be moved at the target too
     */
    public Backlog(String id, long window, int most, ExponentialBackoff backoff, BacklogPolicy policy) {
        this(id, window, most, backoff, policy, null);
    }

    /**
     * As {@link #Backlog(String, long, int, ExponentialBackoff, BacklogPolicy)}, for a target that gets releases: whatever changes, the whole tree is owed.
     *
     * @param releaseTrigger when that is carried; null: at once, and just what has changed
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
     * Goes on by other options than those that it was made with; all that is owed stays so. Nothing may be under way.
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

    /** When what has gathered is carried; null where each change is carried as soon as can be. */
    public ReleaseTrigger releaseTrigger() {
        return releaseTrigger;
    }

    /** Gives the target up, when nothing is under way and what was pending is kept: whoever waits for it is told by cancelled barriers. */
    public void close() {
        change(barriers::close);
    }

    /** mirror/target. */
    public String id() {
        return id;
    }

    /** Owes the target what is in the set; never waits. What was read from a dead letter keeps to itself. */
    public void add(ChangeSet changes) {
        lock.lock();
        try {
            if (releaseTrigger != null) {
                gather(changes);
            } else if (changes.letters().isEmpty()) {
                // before anything else of this set: what the target has is what it had before all of it
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
        // what comes back from the disk may have been carried since
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
     * Has the run of a release carry also what has come since it began.
     *
     * @return whether something has, so that the source is to be read once more
     */
    public boolean absorb() {
        return changing(() -> {
            LaneQueue trees = lanes.get(TransferClass.BULK);
            // what is to be compared by content takes a run of its own
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

    // nothing is on its way, and nothing may be yet
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
            // of a letter that holds both, one part has it, and the other is saved anew
            changes.letters().forEach(others::letter);
            lanes.get(TransferClass.LAST).enqueue(last);
        }
        LaneQueue queue = lanes.get(last.size() == changes.size() ? TransferClass.LAST : TransferClass.of(others.widestExtent()));
        queue.replays.add(others);
        queue.pendingNanos = System.nanoTime();
    }

    /** Owes what a run has left to others. */
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
     * @param moment  of {@link SteadyClock}
     * @param letters how many paths, outside of here, have been pending for as long; asked again and again
     * @param what    what waits, for people
     * @param goesOn  whether it is of use to wait on, given whether only those outside of here are waited for
     * @return whether that is so
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

    /** For how many paths others wait, by what waits ({@link #awaitArrived}); empty if none does. */
    public Map<String, Integer> waits() {
        return locked(() -> new TreeMap<>(waits));
    }

    // by the ordinary way, if the target may have something else under the old path; what was moved before is moved before
    private void moved(Move move, ChangeSet with) {
        boolean there = !breaker.isOpen() && policy.mayMove() && lanes.get(TransferClass.MOVED).pending.moves().size() < MOST_MOVES
                && lanes.setsBut(TransferClass.MOVED).noneMatch(set -> set.covers(move.from(), Extent.ENTRY));
        if (!there) {
            enqueue(move.entries());
            return;
        }
        boolean certain = treeArrived && Stream.concat(lanes.sets(), Stream.of(with.withoutMoves(List.of(move))))
                .allMatch(set -> set.pendingAt(move.from()).isEmpty() && set.pendingAt(move.to()).isEmpty());
        LaneQueue moves = lanes.get(TransferClass.MOVED);
        moves.enqueue(move.certain(certain));
        lanes.get(TransferClass.LIVE).enqueue(moves.pending.takeAllButMoves());
    }

    /** Owes folders, as they are in the set, whose files are compared by size and time: only names are in doubt. */
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
     * Waits until one of the lanes has something to carry, and hands it over; of several, what was moved, as a target must
     * not lose it before that, but not twice without anything else in between; else what was not served for longest. While the target is halted or away, nothing is handed over.
     *
     * @param of the lanes; none of them may be under way
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
     * Owes what of a run is a large file by a lane of its own, and not by this run; a folder or a tree stays, rsync leaves
     * the large files in it alone (rsync(1), --max-size). Of what was moved, large files that are in a moved folder are
     * left until the run has ended.
     *
     * @return the run with the rest; if nothing is left it has ended
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
                // it stays known how often it was tried
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

    /** Owes the large files of a whole tree by a lane of their own; its run may be under way. */
    void enqueueLarge(TransferRun run) {
        ChangeSet large = policy.large(run.changes());
        TransferClass to = run.changes().isByContent() ? TransferClass.LARGE : TransferClass.LARGE_ATTRIBUTES;
        change(() -> {
            barriers.setApart(run.lane(), to, large);
            large.forEach((path, extent) -> lanes.get(to).enqueue(path, to == TransferClass.LARGE ? extent : Extent.ATTRIBUTES, large.since()));
        });
    }

    /** Whether that is to be done only once the tree has arrived. */
    boolean largeAfterTree() {
        return policy.largeAfterTree();
    }

    private boolean isLarge(String path) {
        ChangeSet one = new ChangeSet();
        one.add(path, Extent.ENTRY);
        return !policy.large(one).isEmpty();
    }

    /**
     * Waits until nothing is owed any more, after large files or the whole tree have arrived: what they may have left at the
     * target besides is of no use then. Until {@link #tidied} no large file is handed out.
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

    /** The target is tidied, or will have to be when something has arrived again. */
    void tidied(boolean is) {
        change(() -> cleanup.end(is));
    }

    /** Whether nothing of use only while large files are carried is left at the target. */
    public boolean isTidy() {
        return locked(cleanup::isClean);
    }

    /** All that the run took is at the target. Says how the target was away, if that shows that it is back, or null. */
    public TargetOutage arrived(TransferRun run) {
        return arrived(run, new ChangeSet(), DeferredChanges.NONE, new ChangeSet());
    }

    /**
     * The same, but for some of it, and for the large files in moved folders, that a run has linked by now or has left alone.
     *
     * @param left     what the run did not bring: it is pending anew by now, or kept elsewhere
     * @param followUp what the run has left to others, and is pending by now
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
                // whatever an earlier process left behind goes with the first tree
                cleanup.arrived(large || run.changes().isWholeTree() && !treeArrived);
            }
            treeArrived |= run.changes().isWholeTree();
            if (run.changes().isCutOff() && run.lane() != TransferClass.BULK && !large) {
                // compared by size and time, as only names are in doubt; a bulk run tidies up by itself, and large files have
                // a folder of their own
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
            LaneQueue queue = lanes.get(run.lane() == TransferClass.MOVED ? TransferClass.LIVE : run.lane());
            if (run.replay()) {
                queue.replays.addFirst(run.changes());
            } else {
                // by now it is not known what the target has under which path
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
        queue.besideBulk = false;
        resend.due().forEach(again -> {
            add(again);
            about.forEach(barrier -> barrier.pending(again));
        });
        lookAtBarriers();
        changed.signalAll();
    }

    /**
     * Notes what the target has not received at this moment, on its way and on disk too.
     *
     * @return over when all of that has arrived, as it is now or later, whatever comes meanwhile; cancelled if the target is {@link #close}d
     */
    public ArrivalBarrier barrier() {
        ArrivalBarrier barrier = new ArrivalBarrier(policy::travelsLast);
        Set<String> held = locked(() -> {
            lanes.tell(barrier);
            resend.tell(barrier);
            barriers.add(barrier);
            return letters();
        });
        // reads files: neither under the lock nor in the way of whoever brings changes
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

    /** Looks whether barriers are over as nothing is pending any more, such as when a person has given up what was. */
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
     * Hands out nothing more until the target is {@link #back}, but lets it be asked, ever more seldom.
     *
     * @param kind   what a run, or the question, ended with
     * @param reason in plain words, for people
     * @param atOnce whether it may be asked without a delay, as it may not be the target's fault
     * @return the pause, if that is news: it begins, or has another reason than before
     */
    public Optional<TargetOutage> pause(RunOutcome kind, String reason, boolean atOnce) {
        return changing(() -> {
            TargetOutage before = breaker.pause();
            TargetOutage now = breaker.begin(kind, reason, atOnce, size());
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
        return changing(() -> breaker.answered(isGathering() || lanes.isIdle()) ? breaker.end(size()) : null);
    }

    /** Tells, now and then, that some paths could not be carried. */
    public void partly(String reason) {
        change(() -> breaker.partly(reason));
    }

    /**
     * Tells whoever is told of failures that something waits for longer than it should, or does so no more.
     *
     * @param text one or two sentences
     */
    public void behind(boolean is, String text) {
        change(() -> breaker.behind(is, text));
    }

    /**
     * Tells whoever is told of failures that somebody else has changed something at the target.
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

    /** Whether nothing is handed out for now. */
    public boolean isResting() {
        return locked(breaker::isOpen);
    }

    /** Why the target gets nothing for now, or null. */
    public TargetOutage paused() {
        return locked(breaker::pause);
    }

    /** Waits until the target is to be asked whether it is back. */
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
     * Carries nothing more to this target until the cause is gone; what comes is kept.
     *
     * @param cause  by which it is ended with {@link #resume}
     * @param reason in plain words, for people
     */
    public void halt(String cause, String reason) {
        change(() -> breaker.halt(cause, reason));
    }

    /** Goes on, unless something else halts it. */
    public void resume(String cause) {
        change(() -> breaker.resume(cause));
    }

    /** Why nothing is carried until somebody has looked, or null. */
    public String halted() {
        return locked(() -> breaker.halts().isEmpty() ? null : breaker.halts().values().stream().map(HaltReason::reason).collect(Collectors.joining("; ")));
    }

    /** Why nothing is carried until somebody has looked, by cause; empty if nothing halts it. */
    public Map<String, HaltReason> halts() {
        return locked(() -> new TreeMap<>(breaker.halts()));
    }

    /** Lets a target that is away be asked at once whether it is back. */
    public void hurry() {
        change(breaker::hurry);
    }

    /** Whether some lanes have nothing that may be carried now, and nothing on the way. */
    public boolean isIdle(Set<TransferClass> of) {
        return locked(() -> breaker.isOpen() || isGathering() || lanes.isIdle(of));
    }

    /** What has been owed since before a moment of {@link SteadyClock}, and is not on disk as it is now. */
    public List<Unsaved> unsaved(long before) {
        return locked(() -> checkpoint.unsaved(before));
    }

    /**
     * Waits until nothing is owed that is not on disk too, or has arrived. Not for large files, which take long.
     *
     * @param millis for so long at most
     * @return whether that is so
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
     * Notes that something is on disk now, if it is still owed.
     *
     * @param letter the dead letter that holds it; null if it could not be written
     * @return whether it is still owed
     */
    public boolean saved(Unsaved what, String letter) {
        return locked(() -> checkpoint.saved(what, letter));
    }

    /**
     * Owes no more what some dead letters hold, unless a run has it.
     *
     * @param some    ids of parts of one letter
     * @param content what is owed by it
     * @return false if a run has some of it, or some was owed anew since the letter was written
     */
    public boolean forget(Set<String> some, ChangeSet content) {
        return changing(() -> checkpoint.forget(some, content));
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
        return locked(lanes::letters);
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
    public record Pending(TransferClass lane, boolean inFlight, boolean replay, long since, int entries) {
    }

    /** {@return each place in which a path, or something below it, is pending; what a run has comes first} */
    public List<Pending> pending(String path) {
        return locked(() -> lanes.pending(path));
    }

    /** How many entries are owed. */
    public int size() {
        return locked(lanes::size);
    }

    /** How many entries some lanes have, those that are on the way among them. */
    public int size(Set<TransferClass> of) {
        return locked(() -> lanes.size(of));
    }

    /** All that some lanes have, what is on the way too, as one set; a copy. */
    public ChangeSet all(Set<TransferClass> of) {
        return locked(() -> lanes.copy(of));
    }

    /**
     * The moment of the oldest change that has not arrived, by {@link SteadyClock}; Long.MAX_VALUE if none. Where releases are made, the
     * moment since when one is due.
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
