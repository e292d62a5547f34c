package dev.dromedary.rsync;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * All targets that may have a run that waits, by the place where it would be in the way of others: a daemon that lets in so many at a
 * time counts those that wait, too. Safe for use by several threads.
 */
public final class WarmRuns {

    private static final long LOOK_EVERY_MILLIS = 500;

    private final ScheduledExecutorService clock;
    private final Map<String, Collection<WarmRsyncExecutor>> byPlace = new ConcurrentHashMap<>();

    /** @param clock has each of them looked after, now and then, for a moment */
    public WarmRuns(ScheduledExecutorService clock) {
        this.clock = clock;
    }

    void add(String place, WarmRsyncExecutor executor) {
        byPlace.computeIfAbsent(place, key -> new ConcurrentLinkedQueue<>()).add(executor);
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

    void lookLater(Runnable look) {
        clock.schedule(look, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }
}
