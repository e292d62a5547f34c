package dev.dromedary.filter;

import java.util.List;

/** Excludes what all of its parts exclude. */
record ExcludedByAll(List<PathFilter> parts) implements PathFilter {

    /** A parent that only some of the parts exclude is not excluded here, so each part must check the parents too. */
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
