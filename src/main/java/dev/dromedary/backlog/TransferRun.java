package dev.dromedary.backlog;

import java.util.Locale;

import dev.dromedary.change.ChangeSet;

/**
 * The changes that one rsync sends.
 *
 * @param lane    on which lane
 * @param changes what is pending; empty for a probe of the target
 * @param replay  whether it has failed before
 */
public record TransferRun(TransferClass lane, ChangeSet changes, boolean replay) {

    /** The name of the route that sends it: that of the lane, except where it depends on the changes. */
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
