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
 * Coordinates the waiting runs of all targets by the place where they would block others: a daemon that limits its connections counts the
 * waiting ones, too. Safe for use by several threads.
 */
public final class WarmRsyncCoordinator {

    private static final long LOOK_EVERY_MILLIS = 500;

    /**
     * Starting an rsync and logging in takes about 10 ms of CPU, three times as much as sending a small change. With 64 targets, all of
     * them together would take CPU time from the next change, and also from the last one while some targets have not received it. So they
     * are started one by one, and only while nothing is being sent.
     */
    private static final long APART_MILLIS = 5;
    /** A run that takes long, as over a slow line, does not delay the others. */
    private static final long AT_LATEST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final ScheduledExecutorService clock;
    private final Map<String, Collection<WarmRsyncExecutor>> byPlace = new ConcurrentHashMap<>();
    /** The pending starts, and since when each is pending. */
    private final Map<Runnable, Long> due = new LinkedHashMap<>();
    private int carrying;
    private boolean pausing;

    /** @param clock schedules short periodic checks of each of them */
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
     * Ends the runs that wait at a place, and keeps none waiting there for a while.
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

    /** Notes that a change is being sent. */
    synchronized void begun() {
        carrying++;
    }

    /** Notes that the transfer has ended. */
    synchronized void ended() {
        carrying--;
        next();
    }

    /**
     * Schedules the start of a waiting run as soon as nothing is being sent.
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
