package dev.dromedary.backlog;

import java.time.Duration;

import dev.dromedary.clock.SteadyClock;

/**
 * Decides when the gathered changes of a target that gets releases become a release: after so long without a change, or on request. What is
 * only in doubt is compared at once, which makes no release. Moments are those of {@link SteadyClock}. Safe for use by several threads.
 */
public final class ReleaseTrigger {

    /** A wait without a time limit, until something happens. */
    static final long UNTIL_TOLD = -1;

    private static final long NEVER = Long.MAX_VALUE;
    // used for a source that does not hold still, if no other time is configured
    private static final long LEAST_REST_MILLIS = 5000;

    private long quiet;
    private boolean changed;
    private boolean doubtful;
    private boolean restless;
    private long last = SteadyClock.millis();
    private long wanted = NEVER;
    private long wantedLast;
    private long begun;
    // since when the current run was due; NEVER if it only compares
    private long due = NEVER;

    /** @param quiet after how long without a change a release is made; null: only on request */
    public ReleaseTrigger(Duration quiet) {
        goOnBy(quiet);
    }

    /** Replaces the quiet time; gathered changes and requests stay. */
    public final synchronized void goOnBy(Duration rest) {
        quiet = rest == null ? NEVER : rest.toMillis();
    }

    synchronized void changed() {
        changed = true;
        last = SteadyClock.millis();
    }

    /** Notes that the target may lack something. */
    synchronized void doubted() {
        doubtful = true;
    }

    /** Notes that the current run sends what has come by now. */
    synchronized void absorbed() {
        begun = SteadyClock.millis();
        if (due == NEVER && dueAt() <= begun) {
            due = dueAt();
        }
        changed = false;
        doubtful = false;
    }

    /** Records a request, made at that moment, for a release of the current content. */
    public synchronized void want(long since) {
        wanted = Math.min(wanted, since);
        wantedLast = Math.max(wantedLast, since);
    }

    /** Milliseconds to wait before anything is sent, or {@link #UNTIL_TOLD}. */
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

    /** Begins a run, which takes all that has gathered. */
    synchronized void begin() {
        due = NEVER;
        absorbed();
    }

    /** Returns whether the current run makes a release, and does not only compare. */
    public synchronized boolean isRelease() {
        return due != NEVER;
    }

    /** Returns whether somebody has requested the release that the current run makes. */
    public synchronized boolean isWanted() {
        return wanted <= begun;
    }

    /**
     * Records that the target has what the source had when the run began.
     *
     * @return whether nobody has requested another release since
     */
    public synchronized boolean done() {
        wanted = wantedLast <= begun ? NEVER : wantedLast;
        restless = false;
        due = NEVER;
        return wanted == NEVER;
    }

    /** Records that the source changed in each pass of the run: the next attempt waits until it holds still. */
    public synchronized void restless() {
        restless = true;
        due = NEVER;
    }

    /** Since when the gathered changes are due; Long.MAX_VALUE if they are not. */
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
