package dev.dromedary.change;

/**
 * What one rsync carries.
 *
 * @param lane    on which lane
 * @param changes what is owed; empty if the target is only asked whether it is there
 * @param replay  whether it has failed before
 */
public record Run(Lane lane, ChangeSet changes, boolean replay) {
}
