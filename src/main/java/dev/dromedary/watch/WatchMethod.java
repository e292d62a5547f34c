package dev.dromedary.watch;

/** The kernel's mechanism by which a source is watched. */
public enum WatchMethod {
    /** inotify, unless its limit is lower than the number of folders and fanotify is available. */
    AUTO,
    /** Each folder separately, with inotify(7). */
    INOTIFY,
    /** The whole file system, with fanotify(7); falls back to inotify if fanotify is not available. */
    FANOTIFY
}
