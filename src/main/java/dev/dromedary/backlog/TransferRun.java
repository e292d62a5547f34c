package dev.dromedary.backlog;

import java.util.Locale;

import dev.dromedary.change.ChangeSet;

/**
 * What one rsync carries.
 *
 * @param lane    on which lane
 * @param changes what is owed; empty if the target is only asked whether it is there
 * @param replay  whether it has failed before
 */
public record TransferRun(TransferClass lane, ChangeSet changes, boolean replay) {

    /** The name of the route that carries it: that of the lane, but for what can be told only now. */
    String way() {
        if (lane == TransferClass.BULK && changes.isByContent()) {
            return "content";
        }
        if (lane == TransferClass.BULK && changes.isWholeTree()) {
            return "whole";
        }
        return lane == TransferClass.MOVED ? "live" : lane.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
