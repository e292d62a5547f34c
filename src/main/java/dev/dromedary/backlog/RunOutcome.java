package dev.dromedary.backlog;

import java.util.Arrays;
import java.util.Locale;

/** The outcome of one run, which decides what is done next. */
public enum RunOutcome {
    /** Everything is at the target. */
    ARRIVED,
    /** Some paths could not be sent for a reason of their own; the others are at the target. */
    PARTLY,
    /** The target has no room. */
    FULL,
    /** The target denies access, or can't do what it is asked to: something has to be fixed first. */
    REFUSED,
    /** Going on could do harm. */
    HALTED,
    /** The source already serves as many clients as it may, and this one has to wait for its turn. This is no failure. */
    BUSY,
    /** The target can't be reached, or the connection was lost during the run. */
    AWAY;

    /** Returns the outcome with the name that a route has set; an unknown name is rejected with a list of the valid ones. */
    public static RunOutcome named(String name) {
        return Arrays.stream(values()).filter(outcome -> outcome.name().equalsIgnoreCase(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a route has set the property " + BacklogEndpoint.OUTCOME + " to "
                        + name + ", which is none of " + Arrays.toString(values()).toLowerCase(Locale.ROOT)));
    }
}
