package dev.dromedary.filter;

import java.util.List;

/** Leaves out what any of its parts leaves out. */
record ExcludedByAny(List<PathFilter> parts) implements PathFilter {

    @Override
    public boolean excludesEntry(String path, boolean directory) {
        return parts.stream().anyMatch(part -> part.excludesEntry(path, directory));
    }

    @Override
    public boolean excludes(String path, boolean directory) {
        return parts.stream().anyMatch(part -> part.excludes(path, directory));
    }
}
