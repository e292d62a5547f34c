package dev.dromedary.watch;

import java.util.HashMap;
import java.util.Map;

import dev.dromedary.change.Extent;

/** Collects the changes of files themselves, as opposed to their names appearing or disappearing. Not thread-safe. */
final class InodeChanges {

    private static final int ENDS = LibC.IN_DELETE | LibC.IN_MOVED_FROM | LibC.IN_MOVED_TO;

    private Map<String, Extent> files = new HashMap<>();

    /**
     * Adds an event of a file.
     *
     * @param mask     as in inotify(7) and fanotify(7)
     * @param modified whether the file was being written under this name
     */
    void event(String path, int mask, boolean modified) {
        if ((mask & LibC.IN_CLOSE_WRITE) != 0 || (mask & ENDS) != 0 && modified) {
            written(path);
        } else if ((mask & LibC.IN_ATTRIB) != 0) {
            files.putIfAbsent(path, Extent.ATTRIBUTES);
        }
    }

    /** Notes that a file is being written. */
    void written(String path) {
        files.put(path, Extent.ENTRY);
    }

    /** {@return the changes since the last call, as described in {@link TreeWatch#takeTouched}} */
    Map<String, Extent> take() {
        Map<String, Extent> taken = files;
        if (!taken.isEmpty()) {
            files = new HashMap<>();
        }
        return taken;
    }
}
