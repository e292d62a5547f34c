package dev.dromedary.deadletter;

import java.time.Instant;
import java.util.List;

/**
 * What is known of a dead letter without reading it.
 *
 * @param id       the name of its file
 * @param paths    how many paths it keeps pending
 * @param reason   why, in plain words and in rsync's
 * @param attempts how often it was tried
 * @param since    when the oldest change in it came, in milliseconds of {@link dev.dromedary.clock.SteadyClock}
 * @param first    when it was first tried
 * @param failed   whether its paths themselves failed, as opposed to the target being unreachable
 * @param some     the first of its paths, for people
 * @param path     the first of its paths
 * @param next     the earliest time of the next attempt, by the same clock
 */
public record DeadLetterHeader(String id, int paths, String reason, int attempts, long since, Instant first,
        boolean failed, List<String> some, String path, long next) {
}
