package dev.dromedary.backlog;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;

import dev.dromedary.clock.SteadyClock;

/**
 * Decides whether a target gets anything for now, and keeps why not and the notifications about it. Guarded by its backlog, except for the
 * notifications, which any thread may take.
 */
final class TargetCircuitBreaker {

    private static final int MOST_NEWS = 20;
    private static final long PARTLY_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final Map<String, HaltReason> halts = new TreeMap<>();
    private final BlockingDeque<TargetNotification> news = new LinkedBlockingDeque<>(MOST_NEWS);
    private ExponentialBackoff backoff;
    private TargetOutage pause;
    private boolean onTrial;
    private int failures;
    private long failedAt;
    private long partlyToldNanos;

    TargetCircuitBreaker(ExponentialBackoff backoff) {
        this.backoff = backoff;
    }

    void backoff(ExponentialBackoff another) {
        backoff = another;
    }

    /** Returns whether nothing is handed out. */
    boolean isOpen() {
        return !halts.isEmpty() || pause != null && !onTrial;
    }

    TargetOutage pause() {
        return pause;
    }

    Map<String, HaltReason> halts() {
        return halts;
    }

    /** Begins an outage, or extends it after one more failure; {@code pending} is for the notification. */
    TargetOutage begin(RunOutcome kind, String reason, boolean atOnce, int pending) {
        failures++;
        long now = SteadyClock.millis();
        failedAt = now;
        // what has to be fixed first takes its time
        long delay = kind == RunOutcome.REFUSED || kind == RunOutcome.HALTED ? backoff.ceiling()
                : kind == RunOutcome.BUSY ? backoff.turn(failures) : backoff.delay(failures);
        pause = new TargetOutage(kind, reason, pause == null ? now : pause.since(),
                (pause == null ? 0 : pause.attempts()) + (atOnce ? 0 : 1), atOnce ? now : now + delay);
        onTrial = false;
        if (pause.attempts() == 1 && kind != RunOutcome.BUSY) {
            tell(kind.name().toLowerCase(Locale.ROOT), reason + ". Changes are kept; pending now: " + pending);
        }
        return pause;
    }

    /** Records that the target answers, so the next run may be tried. Returns whether that is enough to count it as back. */
    boolean answered(boolean idle) {
        onTrial = pause != null;
        return pause != null && (pause.attempts() == 0 || pause.kind() != RunOutcome.FULL && idle);
    }

    /** A run has succeeded. */
    void succeeded() {
        failures = 0;
    }

    /**
     * Records that something has arrived. Returns whether that shows that the target is back. A target that is full takes what fits, so it
     * counts as full, and goes on being tried, as long as others wait that may not fit.
     *
     * @param othersWait whether dead letters wait
     */
    boolean isBack(boolean othersWait) {
        // everything that did not fit is retried within that time; what waits longer waits for another reason
        onTrial = pause != null && pause.kind() == RunOutcome.FULL && pause.attempts() > 0 && othersWait
                && SteadyClock.millis() - failedAt < 2 * backoff.longest();
        return !onTrial;
    }

    /** Ends the outage, as the target is back. Returns it, or null if there was none. */
    TargetOutage end(int pending) {
        TargetOutage was = pause;
        pause = null;
        onTrial = false;
        if (was != null && was.attempts() > 0 && was.kind() != RunOutcome.BUSY) {
            tell("back", "back after " + (SteadyClock.millis() - was.since()) / 1000 + " s and " + was.attempts()
                    + (was.attempts() == 1 ? " attempt" : " attempts") + "; pending: " + pending);
        }
        return was;
    }

    /** Milliseconds until the target is to be probed; negative if it is not to be probed. */
    long nextQuestion() {
        return pause == null || onTrial || !halts.isEmpty() ? -1 : Math.max(0, pause.next() - SteadyClock.millis());
    }

    /** Makes the next probe due now. */
    void hurry() {
        if (pause != null) {
            pause = new TargetOutage(pause.kind(), pause.reason(), pause.since(), pause.attempts(), SteadyClock.millis());
        }
    }

    void halt(String cause, String reason) {
        HaltReason before = halts.get(cause);
        halts.put(cause, new HaltReason(reason, before == null ? SteadyClock.millis() : before.since()));
        if (before == null) {
            tell("halted", reason + ". Nothing is sent, changes are kept");
        }
    }

    void resume(String cause) {
        if (halts.remove(cause) != null && halts.isEmpty()) {
            tell("back", "goes on");
        }
    }

    /** Reports, at most every ten minutes, that some paths could not be sent. */
    void partly(String reason) {
        long now = System.nanoTime();
        if (partlyToldNanos == 0 || now - partlyToldNanos > PARTLY_AGAIN_NANOS) {
            partlyToldNanos = now;
            tell("partly", reason + ". They are kept and tried again; everything else is sent");
        }
    }

    /** Reports that something waits for longer than it should, or no longer does. */
    void behind(boolean is, String text) {
        tell(is ? "behind" : "in-line", text);
    }

    /** Reports that somebody else has changed something at the target. */
    void tampered(String text) {
        tell("tampered", text);
    }

    // if nobody listens, only the latest are kept
    private void tell(String state, String text) {
        TargetNotification latest = new TargetNotification(state, text);
        while (!news.offerLast(latest)) {
            news.pollFirst();
        }
    }

    TargetNotification awaitNews() throws InterruptedException {
        return news.takeFirst();
    }

    TargetNotification pollNews() {
        return news.pollFirst();
    }
}
