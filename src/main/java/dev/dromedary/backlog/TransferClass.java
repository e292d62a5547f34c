package dev.dromedary.backlog;

import dev.dromedary.change.Extent;


/** The lanes to a target, by the rsync options that they need; of those that share a thread, one runs at a time. */
public enum TransferClass {
    /**
     * Paths or folders with other content. The watch knows that the content differs, so rsync does not compare size and time: a file that
     * replaces one of the same size and time is still another one.
     */
    LIVE,
    /**
     * What a target has under another path. It is linked there first, and then sent like a change of attributes; or like a change of
     * content, if linking failed.
     */
    MOVED,
    /** Changes of attributes. A file's content is compared by size and time, as reading it would take long. */
    ATTRIBUTES,
    /** Whole trees, as a reconcile enqueues them: they never hold up what changes meanwhile. */
    BULK,
    /** Large files with other content: one in each run, so that it holds up nothing else. */
    LARGE,
    /** Large files whose size and time alone are in doubt. */
    LARGE_ATTRIBUTES,
    /** Paths that the configuration sends last: only once all else has arrived that was pending before. */
    LAST,
    /** What is gone, if some paths travel last: it is deleted after these, as what they replace may refer to it. */
    GONE;

    /** The lane for this extent of a path. */
    static TransferClass of(Extent extent) {
        return switch (extent) {
            case ATTRIBUTES -> ATTRIBUTES;
            case LEAF, ENTRY, LEVEL -> LIVE;
            case TREE -> BULK;
        };
    }
}
