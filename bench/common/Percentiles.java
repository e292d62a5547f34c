package common;

import java.util.Collection;
import java.util.List;

/** Percentiles of measured times. */
public final class Percentiles {

    private Percentiles() {
    }

    /**
     * {@return a percentile in milliseconds}
     *
     * @param nanos at least one time, in nanoseconds
     * @param percent 100 is the longest time
     */
    public static double millis(Collection<Long> nanos, int percent) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100)) / 1e6;
    }
}
