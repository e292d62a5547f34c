package dev.dromedary.backlog;

/**
 * Why a target gets nothing for now.
 *
 * @param kind     the outcome that led to it
 * @param reason   in plain words, for people
 * @param since    when it began, in milliseconds of {@link dev.dromedary.clock.SteadyClock}
 * @param attempts how often the target was tried; 0 if it is not certain yet that the target is the cause
 * @param next     when it is tried again, by the same clock
 */
public record TargetOutage(RunOutcome kind, String reason, long since, int attempts, long next) {

    /** Returns whether people are to be told: the outage is certain, and was not certain before or had another reason. */
    boolean isNewsAfter(TargetOutage before) {
        return attempts > 0 && (before == null || before.attempts == 0 || !before.reason.equals(reason));
    }
}
