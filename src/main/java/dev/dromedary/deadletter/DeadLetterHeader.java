package dev.dromedary.deadletter;

import java.time.Instant;
import java.util.List;

/**
 * What is known of a dead letter without reading it.
 *
 * @param id       the name of its file
 * @param paths    how many paths are owed by it
 * @param reason   why, in plain words and in rsync's
 * @param attempts how often it was tried
 * @param since    the moment of the oldest change in it, in milliseconds of {@link dev.dromedary.clock.SteadyClock}
 * @param first    when it was first tried
 * @param failed   whether its paths themselves could not be carried, and not just the target be reached
 * @param some     the first of its paths, for people
 * @param path     the first of its paths
 * @param next     not to be tried before this moment of the same clock
 */
public record DeadLetterHeader(String id, int paths, String reason, int attempts, long since, Instant first,
        boolean failed, List<String> some, String path, long next) {
}
