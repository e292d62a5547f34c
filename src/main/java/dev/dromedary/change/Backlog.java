package dev.dromedary.change;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * What one target is owed and has not received. Changes merge in here while the target is busy, and the next run of a
 * lane takes all that has gathered. A path leaves only by {@link #arrived}. Safe for use by several threads.
 */
public final class Backlog {

    private static final class Work {
        private ChangeSet pending = new ChangeSet();
        private ChangeSet inFlight;
        private long startedNanos;
        private boolean started;
        private boolean besideBulk;
    }

    private final String id;
    private final long windowNanos;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Lane, Work> lanes = new EnumMap<>(Lane.class);
    private ChangeSet besideBulk = new ChangeSet();
    private final Map<String, String> halts = new TreeMap<>();

    /**
     * @param id     mirror/target
     * @param window milliseconds from the start of a lane's run to the start of its next, at least
     * @param most   how many entries a lane holds; more are folded into owed folders
     */
    public Backlog(String id, long window, int most) {
        this.id = id;
        this.most = most;
        this.windowNanos = TimeUnit.MILLISECONDS.toNanos(window);
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new Work());
        }
    }

    /** mirror/target. */
    public String id() {
        return id;
    }

    /** Owes the target what is in the set; never waits. */
    public void add(ChangeSet changes) {
        lock.lock();
        try {
            if (changes.letters().isEmpty()) {
                changes.forEach((path, extent) ->
                        lanes.get(Lane.of(extent)).pending.add(path, extent, changes.since()));
            } else {
                // a dead letter may go when all of it has arrived, so it is not torn apart
                lanes.get(Lane.of(changes.mostOwed())).pending.merge(changes);
            }
            lanes.values().forEach(this::fit);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // an outage under churn must not fill the memory: what is too much is owed by folders, and goes as trees do; to half
    // of what may be, so that it isn't done again for each path that comes
    private void fit(Work work) {
        if (work.pending.size() > most) {
            ChangeSet folded = work.pending.fold(most / 2);
            work.pending = new ChangeSet();
            if (folded.letters().isEmpty()) {
                folded.forEach((path, extent) -> (extent == Extent.TREE ? lanes.get(Lane.BULK) : work)
                        .pending.add(path, extent, folded.since()));
            } else {
                lanes.get(Lane.BULK).pending.merge(folded);
            }
        }
    }

    /**
     * Waits until one of the lanes has something to carry, and hands it over; of several, what has waited longest.
     * While the target is halted, nothing is handed over.
     *
     * @param of the lanes; none of them may be under way
     */
    public Run take(Set<Lane> of) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<Lane> next = of.stream().filter(lane -> halts.isEmpty() && !lanes.get(lane).pending.isEmpty())
                        .min(Comparator.comparingLong(lane -> lanes.get(lane).pending.since()));
                if (next.isEmpty()) {
                    changed.await();
                    continue;
                }
                Work work = lanes.get(next.get());
                long rest = work.started ? work.startedNanos + windowNanos - System.nanoTime() : 0;
                if (rest <= 0) {
                    return start(next.get(), work);
                }
                changed.awaitNanos(rest);
            }
        } finally {
            lock.unlock();
        }
    }

    private Run start(Lane lane, Work work) {
        work.inFlight = work.pending;
        work.pending = new ChangeSet();
        work.started = true;
        work.startedNanos = System.nanoTime();
        if (lanes.get(Lane.BULK).inFlight != null) {
            besidesBulk().filter(beside -> beside.inFlight != null).forEach(beside -> beside.besideBulk = true);
        }
        return new Run(lane, work.inFlight);
    }

    private Stream<Work> besidesBulk() {
        return Stream.of(lanes.get(Lane.LIVE), lanes.get(Lane.ATTRIBUTES));
    }

    /** What the run took is at the target. */
    public void arrived(Run run) {
        lock.lock();
        try {
            if (run.changes().isCutOff() && run.lane() != Lane.BULK) {
                // compared by size and time, as only names are in doubt; a bulk run tidies up by itself
                lanes.get(Lane.ATTRIBUTES).pending.merge(run.changes().foldersToTidy());
            }
            if (lanes.get(run.lane()).besideBulk) {
                // a bulk run may have read a path before it changed and write it after this run did
                besideBulk.again(run.changes());
                besideBulk = besideBulk.size() > most ? besideBulk.fold(most / 2) : besideBulk;
            }
            end(run);
        } finally {
            lock.unlock();
        }
    }

    /** What the run took is kept elsewhere. */
    public void kept(Run run) {
        lock.lock();
        try {
            end(run);
        } finally {
            lock.unlock();
        }
    }

    /** What the run took is not at the target: it stays owed. */
    public void failed(Run run) {
        lock.lock();
        try {
            Work work = lanes.get(run.lane());
            work.pending.merge(run.changes());
            fit(work);
            end(run);
        } finally {
            lock.unlock();
        }
    }

    private void end(Run run) {
        Work work = lanes.get(run.lane());
        work.inFlight = null;
        work.besideBulk = false;
        if (lanes.get(Lane.BULK).inFlight == null && !besideBulk.isEmpty()) {
            ChangeSet again = besideBulk;
            besideBulk = new ChangeSet();
            add(again);
        }
        changed.signalAll();
    }

    /**
     * Carries nothing more to this target until the cause is gone; what comes is kept.
     *
     * @param cause  by which it is ended with {@link #resume}
     * @param reason in plain words, for people
     */
    public void halt(String cause, String reason) {
        lock.lock();
        try {
            halts.put(cause, reason);
        } finally {
            lock.unlock();
        }
    }

    /** Goes on, unless something else halts it. */
    public void resume(String cause) {
        lock.lock();
        try {
            halts.remove(cause);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Why nothing is carried, or null. */
    public String halted() {
        lock.lock();
        try {
            return halts.isEmpty() ? null : String.join("; ", halts.values());
        } finally {
            lock.unlock();
        }
    }

    /** Whether some lanes have nothing that may be carried, and nothing on the way. */
    public boolean isIdle(Set<Lane> of) {
        lock.lock();
        try {
            return !halts.isEmpty() || of.stream().map(lanes::get).allMatch(work -> work.pending.isEmpty() && work.inFlight == null);
        } finally {
            lock.unlock();
        }
    }

    /** All that the target has not received, a set for each lane that owes anything; copies. */
    public List<ChangeSet> owed() {
        lock.lock();
        try {
            List<ChangeSet> owed = new ArrayList<>();
            for (Work work : lanes.values()) {
                ChangeSet all = new ChangeSet().merge(work.pending);
                if (work.inFlight != null) {
                    all.merge(work.inFlight);
                }
                owed.add(all);
            }
            owed.add(besideBulk);
            owed.removeIf(ChangeSet::isEmpty);
            return owed;
        } finally {
            lock.unlock();
        }
    }

    /** How many entries are owed. */
    public int size() {
        lock.lock();
        try {
            int size = 0;
            for (Work work : lanes.values()) {
                size += work.pending.size() + (work.inFlight == null ? 0 : work.inFlight.size());
            }
            return size;
        } finally {
            lock.unlock();
        }
    }

    /** The moment of the oldest change that has not arrived, in milliseconds since 1970; Long.MAX_VALUE if none. */
    public long since() {
        lock.lock();
        try {
            long since = Long.MAX_VALUE;
            for (Work work : lanes.values()) {
                since = Math.min(since, work.pending.since());
                since = work.inFlight == null ? since : Math.min(since, work.inFlight.since());
            }
            return since;
        } finally {
            lock.unlock();
        }
    }
}
