package dev.dromedary.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

import org.apache.camel.util.TimeUtils;

/** Parses the durations of the configuration and the command line: {@code 50ms}, {@code 2s}, {@code 1h30m}, or milliseconds. */
public final class DurationParser {

    /** The remedy for an invalid duration. */
    public static final String REMEDY = "write a duration such as 50ms, 2s, 10m or 1h30m";

    // Camel's parser skips unknown text, so the pattern is strict; the limits on digits prevent an overflow
    private static final Pattern DURATION = Pattern.compile(
            "-?\\d{1,15}|(?=\\d)(\\d{1,9}d)?(\\d{1,9}h)?(\\d{1,9}m)?(\\d{1,9}s)?(\\d{1,9}ms)?");

    private DurationParser() {
    }

    /** {@return the duration; empty if the text is not valid} */
    public static Optional<Duration> of(String text) {
        return DURATION.matcher(text).matches() ? Optional.of(TimeUtils.toDuration(text)) : Optional.empty();
    }
}
