package dev.dromedary.backlog;

/**
 * Why nothing is sent to a target until somebody has looked.
 *
 * @param reason in plain words, for people
 * @param since  when it began, by {@link dev.dromedary.clock.SteadyClock}
 */
public record HaltReason(String reason, long since) {
}
