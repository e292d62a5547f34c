package dev.dromedary.release;

import java.time.Instant;
import java.util.List;

/**
 * How it stands with the releases of a target.
 *
 * @param current  the number of the one that is shown; null if there is none, or it is not known yet
 * @param since    since when
 * @param kept     all that are whole, the oldest first
 * @param underWay the number of the one that is being made; null for none
 * @param reason   what is waited for or done, in plain words; null if the current one has all that was seen to change
 */
public record ReleaseStatus(Integer current, Instant since, List<Integer> kept, Integer underWay, String reason) {

    /** Whether something is to come with the next release, or may be. */
    public boolean isPending() {
        return reason != null;
    }
}
