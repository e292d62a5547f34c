package dev.dromedary.watch;

/** What is owed of a file with several names (hard links) where one of them is owed. */
public enum HardLinkMode {
    /** That name alone. */
    IGNORE,
    /** All of them if the file itself has changed. */
    FOLLOW,
    /** All of them also if the name is new, so that a target which keeps them one file gets them together. */
    JOIN
}
