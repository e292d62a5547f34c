package dev.dromedary.backlog;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Computes how long to wait before something that failed is tried again. The delay doubles each time, up to a ceiling, with some random
 * jitter, so that many clients waiting for the same thing do not come back all at once.
 *
 * @param first   milliseconds before the first attempt
 * @param ceiling maximum milliseconds before any attempt
 */
public record ExponentialBackoff(long first, long ceiling) {

    private static final int MOST_DOUBLINGS = 20;
    private static final int MOST_TURN_DOUBLINGS = 2;
    private static final double JITTER = 0.1;

    /**
     * Milliseconds to wait for a turn after this many attempts: a random time of up to a few times the first delay, so that many clients
     * come one by one. It does not grow further, as the server is there.
     */
    public long turn(int attempts) {
        return ThreadLocalRandom.current().nextLong(1, 2 * delay(Math.min(attempts, MOST_TURN_DOUBLINGS + 1)) + 2);
    }

    /** The longest time in milliseconds that {@link #delay} can return. */
    public long longest() {
        return Math.round(ceiling * (1 + JITTER));
    }

    /** The longest time in milliseconds that {@link #delay} can return after so many failures in a row. */
    public long longest(int failures) {
        return Math.round(doubled(failures) * (1 + JITTER));
    }

    /** Milliseconds to wait after this many failures in a row; 1 is the first. */
    public long delay(int failures) {
        return Math.round(doubled(failures) * ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER));
    }

    private long doubled(int failures) {
        return Math.min(ceiling, first << Math.min(MOST_DOUBLINGS, Math.max(0, failures - 1)));
    }
}
