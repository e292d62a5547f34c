package dev.dromedary.change;

/**
 * Travels with a set of paths from the watch to the backlogs, behind all that was changed before it set out, so that a backlog that it
 * comes to has all of that.
 */
@FunctionalInterface
public interface FlushMarker {

    /**
     * It has come to a backlog; called by the thread that brings the set, once or more often.
     *
     * @param target whose backlog it is: mirror/target
     */
    void reached(String target);
}
