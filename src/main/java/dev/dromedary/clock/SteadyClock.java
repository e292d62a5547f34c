package dev.dromedary.clock;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Counts milliseconds since 1970 from the time at the start, steadily, whatever is done to the system's clock (CLOCK_MONOTONIC of
 * clock_gettime(2)). Waits use this clock; what people see uses the system's clock.
 */
public final class SteadyClock {

    // smaller differences are noise: the two clocks are not read at the same moment
    private static final long STEP_MILLIS = 1000;
    private static final long START_MILLIS = System.currentTimeMillis();
    private static final long START_NANOS = System.nanoTime();

    private SteadyClock() {
    }

    /** The current time. */
    public static long millis() {
        return START_MILLIS + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - START_NANOS);
    }

    /** How many milliseconds the system's clock is ahead of this one because it was set since the start; negative if it is behind. */
    public static long ahead() {
        long ahead = System.currentTimeMillis() - millis();
        return Math.abs(ahead) < STEP_MILLIS ? 0 : ahead;
    }

    /** {@return the time that the system's clock, as it is set now, shows or would have shown at that moment; 1970 at the earliest} */
    public static Instant shown(long millis) {
        return Instant.ofEpochMilli(Math.max(0, millis + ahead()));
    }

    /** {@return the moment of a time that was noted by the system's clock as it is set now; the current moment if that is in the future} */
    public static long past(Instant noted) {
        return Math.min(noted.toEpochMilli() - ahead(), millis());
    }
}
