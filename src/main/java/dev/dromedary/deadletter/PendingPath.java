package dev.dromedary.deadletter;

import dev.dromedary.change.Extent;

/**
 * A path of a dead letter.
 *
 * @param path   escaped for display; empty for the source itself
 * @param extent how much of it is pending
 */
public record PendingPath(String path, Extent extent) {
}
