package dev.dromedary.change;

import java.util.Locale;

/**
 * What one rsync carries.
 *
 * @param lane    on which lane
 * @param changes what is owed; empty if the target is only asked whether it is there
 * @param replay  whether it has failed before
 */
public record Run(Lane lane, ChangeSet changes, boolean replay) {

    /** The name of the route that carries it: that of the lane, but for what can be told only now. */
    String way() {
        if (lane == Lane.BULK && changes.isByContent()) {
            return "content";
        }
        if (lane == Lane.BULK && changes.isWholeTree()) {
            return "whole";
        }
        return lane == Lane.MOVED ? "live" : lane.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
