package dev.dromedary.backlog;

import java.util.Set;

import dev.dromedary.change.ChangeSet;

/** Answers what a backlog can't know by itself, as it looks at no file. Called by several threads. */
public interface BacklogPolicy {

    /** The large files among pending changes, each an entry. It reads the source, which takes time. */
    ChangeSet large(ChangeSet changes);

    /** Notes large files that a run has skipped, where only the other side knows which files are large. */
    default void passedOver(ChangeSet large) {
    }

    /** Returns whether a move may be repeated at the target, which has all of the content under the old path unless that is pending. */
    boolean mayMove();

    /** Returns whether large files are written to a separate place at the target, so that leftovers have to be cleaned up. */
    boolean tidies();

    /** Returns whether a path travels only after all else, with nothing deleted before it. */
    default boolean travelsLast(String path) {
        return false;
    }

    /** Returns whether the large files of a whole tree become pending only once the tree has arrived, as it is not certain that it may be sent. */
    default boolean largeAfterTree() {
        return false;
    }

    /** Returns whether something is pending that is not in the backlog. */
    boolean deadLettersWait();

    /**
     * What is pending on disk and not in the backlog. It reads the files, which takes time.
     *
     * @param held the dead letters whose content is in the backlog
     */
    ChangeSet onDisk(Set<String> held);
}
