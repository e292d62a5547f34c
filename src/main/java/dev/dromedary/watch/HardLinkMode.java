package dev.dromedary.watch;

/** Which names of a file with several names (hard links) are enqueued when one of them is pending. */
public enum HardLinkMode {
    /** Only that name. */
    IGNORE,
    /** All names, if the file itself has changed. */
    FOLLOW,
    /** All names, also if the name is new, so that a target which keeps hard links gets them together. */
    JOIN
}
