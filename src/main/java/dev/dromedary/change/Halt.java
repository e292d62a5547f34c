package dev.dromedary.change;

/**
 * Why nothing is carried to a target until somebody has looked.
 *
 * @param reason in plain words, for people
 * @param since  when it began, by {@link dev.dromedary.clock.SteadyClock}
 */
public record Halt(String reason, long since) {
}
