package dev.dromedary.backlog;

import java.util.Set;

import dev.dromedary.change.ChangeSet;

/** What a backlog can't know by itself, as it looks at no file. For several threads. */
public interface BacklogPolicy {

    /** The large files among what is owed, each an entry; looks at the source, and so takes its time. */
    ChangeSet large(ChangeSet changes);

    /** Notes large files that a run has passed over, where only those on the other side know which ones are large. */
    default void passedOver(ChangeSet large) {
    }

    /** Whether what was moved may be moved at the target too: it has all of it under the old path, unless that is owed. */
    boolean mayMove();

    /** Whether large files are written apart there, so that what they may have left has to be tidied. */
    boolean tidies();

    /** Whether a path travels only after all else, and nothing is deleted before it. */
    default boolean travelsLast(String path) {
        return false;
    }

    /** Whether the large files of a whole tree are owed only once that has arrived, as it is not certain that it may be carried. */
    default boolean largeAfterTree() {
        return false;
    }

    /** Whether something is owed that is not in the backlog. */
    boolean deadLettersWait();

    /**
     * What is owed that is on disk and not in the backlog; reads it, and so takes its time.
     *
     * @param held the dead letters whose content is in the backlog
     */
    ChangeSet onDisk(Set<String> held);
}
