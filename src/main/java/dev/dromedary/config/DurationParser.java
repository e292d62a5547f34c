package dev.dromedary.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

import org.apache.camel.util.TimeUtils;

/** Durations as the configuration and the command line have them: {@code 50ms}, {@code 2s}, {@code 1h30m}, or milliseconds. */
public final class DurationParser {

    /** What to write instead of something that is none. */
    public static final String REMEDY = "write a duration such as 50ms, 2s, 10m or 1h30m";

    // Camel's parser skips what it does not know; the counts of digits keep it from overflowing
    private static final Pattern DURATION = Pattern.compile(
            "-?\\d{1,15}|(?=\\d)(\\d{1,9}d)?(\\d{1,9}h)?(\\d{1,9}m)?(\\d{1,9}s)?(\\d{1,9}ms)?");

    private DurationParser() {
    }

    /** {@return the duration that a text is; nothing if it is none} */
    public static Optional<Duration> of(String text) {
        return DURATION.matcher(text).matches() ? Optional.of(TimeUtils.toDuration(text)) : Optional.empty();
    }
}
