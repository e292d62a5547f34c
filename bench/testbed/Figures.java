package testbed;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import common.Percentiles;

/** What was measured of one contender in one round: names with their units, and values. */
public final class Figures {

    private final Map<String, Double> values = new LinkedHashMap<>();

    public static Figures of(String name, double value) {
        return new Figures().with(name, value);
    }

    public Figures with(String name, double value) {
        values.put(name, value);
        return this;
    }

    /**
     * Adds percentiles.
     *
     * @param prefix begins their names
     * @param nanos what was measured
     * @param percents 100 is called the worst
     */
    public Figures withPercentiles(String prefix, List<Long> nanos, int... percents) {
        for (int percent : percents) {
            with(prefix + (percent == 100 ? "worst, ms" : "p" + percent + ", ms"), Percentiles.millis(nanos, percent));
        }
        return this;
    }

    public double get(String name) {
        return values.get(name);
    }

    public void forEach(BiConsumer<String, Double> action) {
        values.forEach(action);
    }
}
