package dev.dromedary.filter;

import java.util.List;

/** Excludes what any of its parts excludes. */
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
