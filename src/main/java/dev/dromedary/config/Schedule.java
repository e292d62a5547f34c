package dev.dromedary.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * When something is done again: at equal distances, or by the calendar. Exactly one of the two is set.
 *
 * @param every the distance, or {@code null}
 * @param cron  a Quartz cron expression, or {@code null}
 */
public record Schedule(Duration every, String cron) {

    /** @throws IllegalArgumentException if both or none are set */
    public Schedule {
        if ((every == null) == (cron == null)) {
            throw new IllegalArgumentException("a schedule is either a duration or a cron expression");
        }
    }

    /** {@return the distance, or another one where the calendar decides} */
    public Duration everyOr(Duration other) {
        return every == null ? other : every;
    }

    /**
     * {@return what stands behind the "?" of a {@code quartz:} endpoint}
     * The value is encoded, as "?" and "#" mean something else in a URI; Camel reads "+" as a blank.
     */
    public String quartzQuery() {
        return cron == null
                ? "trigger.repeatInterval=" + every.toMillis() + "&trigger.repeatCount=-1"
                : "cron=" + URLEncoder.encode(cron, StandardCharsets.UTF_8);
    }
}
