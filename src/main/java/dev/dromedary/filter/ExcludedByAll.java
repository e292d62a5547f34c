package dev.dromedary.filter;

import java.util.List;

/** Leaves out what all of its parts leave out. */
record ExcludedByAll(List<PathFilter> parts) implements PathFilter {

    /** A parent that only some of the parts leave out is not left out here, so the parts must look at the parents too. */
    @Override
    public boolean excludesEntry(String path, boolean directory) {
        return excludes(path, directory);
    }

    @Override
    public boolean excludes(String path, boolean directory) {
        for (PathFilter part : parts) {
            if (!part.excludes(path, directory)) {
                return false;
            }
        }
        return true;
    }
}
