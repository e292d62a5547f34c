package dev.dromedary.backlog;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;

import dev.dromedary.clock.SteadyClock;

/**
 * Whether a target gets anything for now, why not, and what there is to be told of that. Guarded by its backlog, but for the
 * news, which may be taken by any thread.
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

    /** Whether nothing is handed out. */
    boolean isOpen() {
        return !halts.isEmpty() || pause != null && !onTrial;
    }

    TargetOutage pause() {
        return pause;
    }

    Map<String, HaltReason> halts() {
        return halts;
    }

    /** Begins, or goes on after one more failure; {@code owed} is for the news. */
    TargetOutage begin(RunOutcome kind, String reason, boolean atOnce, int pending) {
        failures++;
        long now = SteadyClock.millis();
        failedAt = now;
        // what has to be set right first takes its time
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

    /** The target answers, so the next run may be tried. Whether that is enough to be sure. */
    boolean answered(boolean idle) {
        onTrial = pause != null;
        return pause != null && (pause.attempts() == 0 || pause.kind() != RunOutcome.FULL && idle);
    }

    /** A run has succeeded. */
    void succeeded() {
        failures = 0;
    }

    /**
     * Something has arrived. Whether that shows that the target is back: one that is full takes what fits, so as long as others wait that may
     * not fit it stays full, and goes on being tried.
     *
     * @param othersWait whether dead letters wait
     */
    boolean isBack(boolean othersWait) {
        // each of those that did not fit is tried within that time; what waits longer waits for another reason
        onTrial = pause != null && pause.kind() == RunOutcome.FULL && pause.attempts() > 0 && othersWait
                && SteadyClock.millis() - failedAt < 2 * backoff.longest();
        return !onTrial;
    }

    /** The target is back: how it was away, or null. */
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

    /** In how many milliseconds the target is to be asked whether it is back; negative if it is not to be asked. */
    long nextQuestion() {
        return pause == null || onTrial || !halts.isEmpty() ? -1 : Math.max(0, pause.next() - SteadyClock.millis());
    }

    /** Has the target asked now. */
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

    /** Some paths could not be carried; told now and then. */
    void partly(String reason) {
        long now = System.nanoTime();
        if (partlyToldNanos == 0 || now - partlyToldNanos > PARTLY_AGAIN_NANOS) {
            partlyToldNanos = now;
            tell("partly", reason + ". They are kept and tried again; everything else is sent");
        }
    }

    /** Something waits for longer than it should; or does so no more. */
    void behind(boolean is, String text) {
        tell(is ? "behind" : "in-line", text);
    }

    /** Somebody else has changed something there. */
    void tampered(String text) {
        tell("tampered", text);
    }

    // should nobody listen, the latest are there
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
