package dev.dromedary.clock;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Milliseconds since 1970 as they were at the start, and that go on evenly from there whatever is done to the system's clock
 * (CLOCK_MONOTONIC of clock_gettime(2)). What is waited for goes by these; what people see goes by the system's clock.
 */
public final class SteadyClock {

    // below that it is by chance: the two are not read at the same moment
    private static final long STEP_MILLIS = 1000;
    private static final long START_MILLIS = System.currentTimeMillis();
    private static final long START_NANOS = System.nanoTime();

    private SteadyClock() {
    }

    /** This moment. */
    public static long millis() {
        return START_MILLIS + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - START_NANOS);
    }

    /** How many milliseconds the system's clock is ahead of this one, as it was set since the start; negative if it is behind. */
    public static long ahead() {
        long ahead = System.currentTimeMillis() - millis();
        return Math.abs(ahead) < STEP_MILLIS ? 0 : ahead;
    }

    /** {@return what the system's clock, as it is set now, has or would have had at that moment; 1970 at the earliest} */
    public static Instant shown(long millis) {
        return Instant.ofEpochMilli(Math.max(0, millis + ahead()));
    }

    /** {@return the moment that somebody has noted by a clock as the system's is set now; if that is still to come, now} */
    public static long past(Instant noted) {
        return Math.min(noted.toEpochMilli() - ahead(), millis());
    }
}
