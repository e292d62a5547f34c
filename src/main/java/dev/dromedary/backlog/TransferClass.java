package dev.dromedary.backlog;

import dev.dromedary.change.Extent;


/** The ways to a target, by what rsync has to be told; of those that share a thread, one runs at a time. */
public enum TransferClass {
    /**
     * What has another content, a path or a folder each. The watch knows that it has, so rsync does not ask size and
     * time: a file that is moved over one of the same size and time is another one all the same.
     */
    LIVE,
    /**
     * What a target has under another path: it is linked there first, and then carried as what has other attributes; or as
     * what has another content, if that failed.
     */
    MOVED,
    /** What has other attributes. A file's content is compared by size and time, as it would take long to read. */
    ATTRIBUTES,
    /** Whole trees, as a reconcile owes them: they never hold up what changes meanwhile. */
    BULK,
    /** A large file that has another content: one in each run, so that it holds up nothing else. */
    LARGE,
    /** Large files of which only size and time are in doubt. */
    LARGE_ATTRIBUTES,
    /** What travels only once all else has arrived that was pending before it, if the configuration says so of some paths. */
    LAST,
    /** What is gone, where some paths travel last: it goes after these, as what they replace may refer to it. */
    GONE;

    /** The lane that carries this much of a path. */
    static TransferClass of(Extent extent) {
        return switch (extent) {
            case ATTRIBUTES -> ATTRIBUTES;
            case LEAF, ENTRY, LEVEL -> LIVE;
            case TREE -> BULK;
        };
    }
}
