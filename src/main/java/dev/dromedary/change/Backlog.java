package dev.dromedary.change;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

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
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition owed = lock.newCondition();
    private final Map<Lane, Work> lanes = new EnumMap<>(Lane.class);
    private ChangeSet besideBulk = new ChangeSet();
    private boolean closed;

    /**
     * @param id     mirror/target
     * @param window milliseconds from the start of a lane's run to the start of its next, at least
     */
    public Backlog(String id, long window) {
        this.id = id;
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
            if (!changes.letters().isEmpty()) {
                // a dead letter may go when all of it has arrived, so it is not torn apart
                Lane lane = changes.hasTree() ? Lane.BULK : Lane.LIVE;
                lanes.get(lane).pending.merge(changes);
            } else {
                changes.forEach((path, extent) -> {
                    Lane lane = extent == Extent.TREE ? Lane.BULK : Lane.LIVE;
                    lanes.get(lane).pending.add(path, extent, changes.since());
                });
            }
            owed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a lane has something to carry, and hands it over.
     *
     * @return what is owed, not empty; or null when the backlog was closed
     */
    public ChangeSet take(Lane lane) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Work work = lanes.get(lane);
            while (!closed) {
                long rest = work.started ? work.startedNanos + windowNanos - System.nanoTime() : 0;
                if (work.pending.isEmpty()) {
                    owed.await();
                } else if (rest > 0) {
                    owed.awaitNanos(rest);
                } else {
                    start(lane, work);
                    return work.inFlight;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void start(Lane lane, Work work) {
        work.inFlight = work.pending;
        work.pending = new ChangeSet();
        work.started = true;
        work.startedNanos = System.nanoTime();
        Work live = lanes.get(Lane.LIVE);
        live.besideBulk |= lanes.get(Lane.BULK).inFlight != null && live.inFlight != null;
    }

    /** What the lane took is at the target, or is kept elsewhere. */
    public void arrived(Lane lane) {
        end(lane, true);
    }

    /** What the lane took is not at the target: it stays owed. */
    public void failed(Lane lane) {
        end(lane, false);
    }

    private void end(Lane lane, boolean arrived) {
        lock.lock();
        try {
            Work work = lanes.get(lane);
            ChangeSet run = work.inFlight;
            work.inFlight = null;
            if (!arrived) {
                work.pending.merge(run);
            }
            settleBesideBulk(lane, work, run);
            owed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // a bulk run may have read a path before it changed and write it after the live run did: such paths go once more
    private void settleBesideBulk(Lane lane, Work work, ChangeSet run) {
        if (lane == Lane.LIVE && work.besideBulk) {
            besideBulk.again(run);
            work.besideBulk = false;
        }
        if (lanes.get(Lane.BULK).inFlight == null && !besideBulk.isEmpty()) {
            lanes.get(Lane.LIVE).pending.merge(besideBulk);
            besideBulk = new ChangeSet();
        }
    }

    /** Ends all waiting {@link #take}. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            owed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a lane has nothing to carry and nothing on the way. */
    public boolean isIdle(Lane lane) {
        lock.lock();
        try {
            Work work = lanes.get(lane);
            return work.pending.isEmpty() && work.inFlight == null;
        } finally {
            lock.unlock();
        }
    }

    /** All that a lane's target has not received, as a set of its own. */
    public ChangeSet owed(Lane lane) {
        lock.lock();
        try {
            Work work = lanes.get(lane);
            ChangeSet all = new ChangeSet().merge(work.pending);
            if (work.inFlight != null) {
                all.merge(work.inFlight);
            }
            if (lane == Lane.LIVE) {
                all.merge(besideBulk);
            }
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** How many entries are owed, in both lanes. */
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
