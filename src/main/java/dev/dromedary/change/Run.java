package dev.dromedary.change;

/**
 * What one rsync carries.
 *
 * @param lane    on which lane
 * @param changes what is owed, not empty
 */
public record Run(Lane lane, ChangeSet changes) {
}
