package dev.dromedary.change;

/** How much of a path is pending. Each extent includes the ones before it. */
public enum Extent {
    /** Its mode, owner and times. */
    ATTRIBUTES,
    /** The path itself, which is no folder, or is gone: anything that was pending below it no longer is. */
    LEAF,
    /** The path itself: a file with its content, a link, a folder without what is in it, or that it is gone. */
    ENTRY,
    /** A folder and all that lies directly in it, so that what is gone there goes at the target too. */
    LEVEL,
    /** A folder and everything below it. */
    TREE
}
