package dev.dromedary.source;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;

/** Finds the files of a source that are sent separately, so that they don't hold up the others. */
public final class LargeFileFinder {

    private final SourceTreeWalk walk;
    private final long size;

    /** @param size in bytes; files above this size are large, as with rsync's --max-size */
    public LargeFileFinder(SourceTreeWalk walk, long size) {
        this.walk = walk;
        this.size = size;
    }

    /** {@return the large files among pending changes, each as an entry, pending since the oldest of these changes} */
    public ChangeSet in(ChangeSet changes) {
        ChangeSet large = new ChangeSet();
        changes.forEach((top, extent) -> walk.from(top, depth(extent), (path, attributes) -> {
            if (attributes.isRegularFile() && attributes.size() > size) {
                large.add(path, Extent.ENTRY, changes.since());
            }
            // it may be large, and the run for the other files skips large ones
        }, path -> large.add(path, Extent.ENTRY, changes.since())));
        return large;
    }

    private static int depth(Extent extent) {
        return switch (extent) {
            case ATTRIBUTES, LEAF, ENTRY -> 0;
            case LEVEL -> 1;
            case TREE -> Integer.MAX_VALUE;
        };
    }
}
