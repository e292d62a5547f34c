package dev.dromedary.rsync;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * All targets that may have a run that waits, by the place where it would be in the way of others: a daemon that lets in so many at a
 * time counts those that wait, too. Safe for use by several threads.
 */
public final class WarmRsyncCoordinator {

    private static final long LOOK_EVERY_MILLIS = 500;

    /**
     * To start an rsync and to log in costs about 10 ms of a processor, three times what it then takes to carry a small change. With 64
     * targets all of them together would take the processors from the change that comes next, and, as long as some targets have not
     * got the last one, from that: so they are started one by one, and only while nothing is carried.
     */
    private static final long APART_MILLIS = 5;
    /** A run that takes long, as over a slow line, does not keep the others waiting. */
    private static final long AT_LATEST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final ScheduledExecutorService clock;
    private final Map<String, Collection<WarmRsyncExecutor>> byPlace = new ConcurrentHashMap<>();
    /** Who is to start one, and since when. */
    private final Map<Runnable, Long> due = new LinkedHashMap<>();
    private int carrying;
    private boolean pausing;

    /** @param clock has each of them looked after, now and then, for a moment */
    public WarmRsyncCoordinator(ScheduledExecutorService clock) {
        this.clock = clock;
    }

    void add(String place, WarmRsyncExecutor executor) {
        byPlace.computeIfAbsent(place, key -> new ConcurrentLinkedQueue<>()).add(executor);
    }

    void remove(String place, WarmRsyncExecutor executor) {
        byPlace.get(place).remove(executor);
    }

    /**
     * Ends those that wait at a place, and has none wait there for a while.
     *
     * @return whether there were any, or have been just now
     */
    boolean makeWay(String place) {
        boolean any = false;
        for (WarmRsyncExecutor executor : byPlace.get(place)) {
            any |= executor.makesWay();
        }
        return any;
    }

    /** Notes that a change is being carried. */
    synchronized void begun() {
        carrying++;
    }

    /** Notes that this has ended. */
    synchronized void ended() {
        carrying--;
        next();
    }

    /**
     * Has a run started that waits, as soon as nothing is carried.
     *
     * @param start returns at once
     */
    synchronized void startSoon(Runnable start) {
        due.putIfAbsent(start, System.nanoTime());
        next();
    }

    private void next() {
        Iterator<Map.Entry<Runnable, Long>> first = due.entrySet().iterator();
        if (pausing || !first.hasNext()) {
            return;
        }
        Map.Entry<Runnable, Long> oldest = first.next();
        if (carrying == 0 || System.nanoTime() - oldest.getValue() >= AT_LATEST_NANOS) {
            first.remove();
            oldest.getKey().run();
        }
        pausing = true;
        try {
            clock.schedule(this::goOn, APART_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // the program stops
            due.clear();
        }
    }

    private synchronized void goOn() {
        pausing = false;
        next();
    }

    void lookLater(Runnable look) {
        clock.schedule(look, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }
}
