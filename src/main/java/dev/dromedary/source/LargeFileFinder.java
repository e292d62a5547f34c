package dev.dromedary.source;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;

/** Finds the files of a source that are carried apart, so that they don't hold up the others. */
public final class LargeFileFinder {

    private final SourceTreeWalk walk;
    private final long size;

    /** @param size in bytes; a larger file is a large one, as for rsync's --max-size */
    public LargeFileFinder(SourceTreeWalk walk, long size) {
        this.walk = walk;
        this.size = size;
    }

    /** The large files among what is owed, each an entry, owed since the oldest of it was. */
    public ChangeSet in(ChangeSet changes) {
        ChangeSet large = new ChangeSet();
        changes.forEach((top, extent) -> walk.from(top, depth(extent), (path, attributes) -> {
            if (attributes.isRegularFile() && attributes.size() > size) {
                large.add(path, Extent.ENTRY, changes.since());
            }
            // the run of the others passes over what is large, and it may be
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
