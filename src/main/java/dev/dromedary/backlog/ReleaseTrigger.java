package dev.dromedary.backlog;

import java.time.Duration;

import dev.dromedary.clock.SteadyClock;

/**
 * When what has gathered for a target that gets releases is one: after so long without a change, or when somebody says so. What is
 * only in doubt is compared at once, which makes no release. Moments are those of {@link SteadyClock}. Safe for use by several threads.
 */
public final class ReleaseTrigger {

    /** A wait for something to happen. */
    static final long UNTIL_TOLD = -1;

    private static final long NEVER = Long.MAX_VALUE;
    // of a source that does not hold still, where no other time is configured
    private static final long LEAST_REST_MILLIS = 5000;

    private long quiet;
    private boolean changed;
    private boolean doubtful;
    private boolean restless;
    private long last = SteadyClock.millis();
    private long wanted = NEVER;
    private long wantedLast;
    private long begun;
    // since when the run under way was due; NEVER if it only compares
    private long due = NEVER;

    /** @param quiet after how long without a change a release is made; null: only when somebody says so */
    public ReleaseTrigger(Duration quiet) {
        goOnBy(quiet);
    }

    /** Goes on by another time; what has gathered, and what was asked for, stays so. */
    public final synchronized void goOnBy(Duration rest) {
        quiet = rest == null ? NEVER : rest.toMillis();
    }

    synchronized void changed() {
        changed = true;
        last = SteadyClock.millis();
    }

    /** It is not known whether the target lacks something. */
    synchronized void doubted() {
        doubtful = true;
    }

    /** The run under way carries what has come by now. */
    synchronized void absorbed() {
        begun = SteadyClock.millis();
        if (due == NEVER && dueAt() <= begun) {
            due = dueAt();
        }
        changed = false;
        doubtful = false;
    }

    /** Somebody has said, at that moment, that what there is is to be a release. */
    public synchronized void want(long since) {
        wanted = Math.min(wanted, since);
        wantedLast = Math.max(wantedLast, since);
    }

    /** For how many milliseconds nothing is to be carried yet, or {@link #UNTIL_TOLD}. */
    synchronized long waitMillis() {
        long at = dueAt();
        if (doubtful && !restless) {
            return 0;
        }
        return at == NEVER ? UNTIL_TOLD : Math.max(0, at - SteadyClock.millis());
    }

    private long dueAt() {
        long byRest = changed && quiet != NEVER ? last + quiet : NEVER;
        long at = Math.min(wanted, byRest);
        return at == NEVER || !restless ? at : Math.max(at, last + restMillis());
    }

    private long restMillis() {
        return quiet == NEVER ? LEAST_REST_MILLIS : Math.max(quiet, LEAST_REST_MILLIS);
    }

    /** A run takes what has gathered. */
    synchronized void begin() {
        due = NEVER;
        absorbed();
    }

    /** Whether the run under way makes a release, and does not only compare. */
    public synchronized boolean isRelease() {
        return due != NEVER;
    }

    /** Whether somebody has asked for the release that the run under way makes. */
    public synchronized boolean isWanted() {
        return wanted <= begun;
    }

    /**
     * The target has what there was when the run began.
     *
     * @return whether nobody has asked for another release since
     */
    public synchronized boolean done() {
        wanted = wantedLast <= begun ? NEVER : wantedLast;
        restless = false;
        due = NEVER;
        return wanted == NEVER;
    }

    /** The source changed in each pass of the run: the next attempt waits until it holds still. */
    public synchronized void restless() {
        restless = true;
        due = NEVER;
    }

    /** Since when what has gathered is due; Long.MAX_VALUE if it is not. */
    synchronized long dueSince(boolean underWay) {
        return underWay ? due : dueAt() <= SteadyClock.millis() ? dueAt() : NEVER;
    }

    /** What is waited for, in plain words. */
    public synchronized String waitsFor(String target) {
        String rest = "waits for " + seconds(restless ? restMillis() : quiet) + " without a change";
        return restless ? "the source does not hold still: the release " + rest
                : wanted != NEVER ? "a release was asked for and begins in a moment"
                : quiet == NEVER ? "waits for: dromedary release " + target : rest;
    }

    private static String seconds(long millis) {
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
