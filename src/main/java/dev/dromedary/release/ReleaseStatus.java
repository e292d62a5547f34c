package dev.dromedary.release;

import java.time.Instant;
import java.util.List;

/**
 * The status of a target's releases.
 *
 * @param current  the number of the release that is shown; null if there is none, or it is not known yet
 * @param since    since when it is shown
 * @param kept     all complete releases, the oldest first
 * @param underWay the number of the release that is being made; null for none
 * @param reason   what is being done or waited for, in plain words; null if the current release has all known changes
 */
public record ReleaseStatus(Integer current, Instant since, List<Integer> kept, Integer underWay, String reason) {

    /** Returns whether the next release will or may contain further changes. */
    public boolean isPending() {
        return reason != null;
    }
}
