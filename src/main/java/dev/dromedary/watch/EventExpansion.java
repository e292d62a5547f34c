package dev.dromedary.watch;

import java.util.Map;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;

/** Adds changes that follow from a reported change, but that the kernel does not report. */
interface EventExpansion extends AutoCloseable {

    /** Adds nothing. */
    EventExpansion NONE = (pending, touched) -> { };

    /**
     * Adds further changes. Called by the thread that reads the events.
     *
     * @param touched as returned by {@link TreeWatch#takeTouched}
     */
    void expand(ChangeSet pending, Map<String, Extent> touched);

    /** Adds what is still in doubt, because no more will follow. Called by the same thread. */
    default void end(ChangeSet pending) {
    }

    /** {@return whether a search is running that may add more to the changes already pending} Thread-safe. */
    default boolean isLooking() {
        return false;
    }

    /** {@return the number of known names of files with several names} Thread-safe. */
    default int known() {
        return 0;
    }

    @Override
    default void close() {
    }
}
