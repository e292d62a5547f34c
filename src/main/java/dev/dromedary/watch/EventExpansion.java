package dev.dromedary.watch;

import java.util.Map;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;

/** Knows what else is owed where something is, although the kernel has told of that alone. */
interface EventExpansion extends AutoCloseable {

    /** Nothing else is. */
    EventExpansion NONE = (pending, touched) -> { };

    /**
     * Adds what else is owed; by the thread that reads the events.
     *
     * @param touched as {@link TreeWatch#takeTouched} has it
     */
    void expand(ChangeSet pending, Map<String, Extent> touched);

    /** Adds what is in doubt still, as no more is to come; by the same thread. */
    default void end(ChangeSet pending) {
    }

    /** Whether more may come to be owed of what is owed already, as it is looked for; for any thread. */
    default boolean isLooking() {
        return false;
    }

    /** How many names of files with several are known; for any thread. */
    default int known() {
        return 0;
    }

    @Override
    default void close() {
    }
}
