package dev.dromedary.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * When something is repeated: at equal intervals, or by a cron expression. Exactly one of the two is set.
 *
 * @param every the interval, or {@code null}
 * @param cron  a Quartz cron expression, or {@code null}
 */
public record Schedule(Duration every, String cron) {

    /** @throws IllegalArgumentException if both or none are set */
    public Schedule {
        if ((every == null) == (cron == null)) {
            throw new IllegalArgumentException("a schedule is either a duration or a cron expression");
        }
    }

    /** {@return the interval; the given one if there is a cron expression} */
    public Duration everyOr(Duration other) {
        return every == null ? other : every;
    }

    /**
     * {@return the query of a {@code quartz:} endpoint, without the "?"}
     * The value is encoded, as "?" and "#" mean something else in a URI; Camel reads "+" as a blank.
     */
    public String quartzQuery() {
        return cron == null
                ? "trigger.repeatInterval=" + every.toMillis() + "&trigger.repeatCount=-1"
                : "cron=" + URLEncoder.encode(cron, StandardCharsets.UTF_8);
    }
}
