package dev.dromedary.change;

/** A target's two lanes, one rsync each: what is owed as a whole tree never holds up what changes meanwhile. */
public enum Lane {
    /** Single paths and folders, as they change. */
    LIVE,
    /** Whole trees, as a reconcile owes them. */
    BULK
}
