package dev.dromedary.backlog;

import java.util.Arrays;
import java.util.Locale;

/** What became of one run, for what is done next. */
public enum RunOutcome {
    /** All of it is at the target. */
    ARRIVED,
    /** Some paths could not be carried for a reason of their own; the others are at the target. */
    PARTLY,
    /** The target has no room. */
    FULL,
    /** The target does not let us in, or can't do what it is told: something has to be set right first. */
    REFUSED,
    /** Carrying on could do harm. */
    HALTED,
    /** The source serves as many as it may, and this one later: that is no failure, many wait for their turn. */
    BUSY,
    /** The target can't be reached, or was lost on the way. */
    AWAY;

    /** The outcome of that name, as a route sets it; any other is refused with those that there are. */
    public static RunOutcome named(String name) {
        return Arrays.stream(values()).filter(outcome -> outcome.name().equalsIgnoreCase(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a route has set the property " + BacklogEndpoint.OUTCOME + " to "
                        + name + ", which is none of " + Arrays.toString(values()).toLowerCase(Locale.ROOT)));
    }
}
