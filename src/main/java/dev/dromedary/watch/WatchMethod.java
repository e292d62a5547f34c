package dev.dromedary.watch;

/** By which of the kernel's ways a source is to be watched. */
public enum WatchMethod {
    /** By inotify, unless it is limited to fewer folders than there are, and fanotify is to be had. */
    AUTO,
    /** Each folder by itself, inotify(7). */
    INOTIFY,
    /** The file system as a whole, fanotify(7); by inotify where it is not to be had. */
    FANOTIFY
}
