package dev.dromedary.change;

/**
 * Travels with a set of paths from the watch to the backlogs, behind all earlier changes. A backlog that it has reached therefore has all
 * of them.
 */
@FunctionalInterface
public interface FlushMarker {

    /**
     * Called when the marker reaches a backlog, by the thread that adds the set, once or more often.
     *
     * @param target the backlog's target: mirror/target
     */
    void reached(String target);
}
