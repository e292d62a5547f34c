package dev.dromedary.filter;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Decides which paths of a source are excluded from its mirror.
 *
 * <p>A path is relative to the source root: its chars are the raw bytes of the name (as ISO-8859-1 decodes them), separated by '/', with
 * none at either end; {@code ""} is the root itself, which is never excluded.
 */
public interface PathFilter {

    /**
     * Returns whether this entry is excluded, given that none of its parents is.
     *
     * @param directory whether it is a real folder: a link to one is not
     */
    boolean excludesEntry(String path, boolean directory);

    /** Returns whether this entry is excluded, by itself or with one of its parents. */
    boolean excludes(String path, boolean directory);

    /**
     * Excludes only what all of these exclude, as whatever one of several targets still wants has to be watched. Without any filter,
     * nothing is excluded.
     */
    static PathFilter allOf(Collection<? extends PathFilter> filters) {
        List<PathFilter> distinct = filters.stream().<PathFilter>map(filter -> filter).distinct().toList();
        if (distinct.isEmpty() || distinct.contains(FilterRules.NONE)) {
            return FilterRules.NONE;
        }
        return distinct.size() == 1 ? distinct.get(0) : new ExcludedByAll(distinct);
    }

    /** Excludes what another filter excludes, which is looked up for each call. */
    static PathFilter by(Supplier<PathFilter> present) {
        return new PathFilter() {
            @Override
            public boolean excludesEntry(String path, boolean directory) {
                return present.get().excludesEntry(path, directory);
            }

            @Override
            public boolean excludes(String path, boolean directory) {
                return present.get().excludes(path, directory);
            }
        };
    }

    /** Excludes what any of these excludes. */
    static PathFilter anyOf(PathFilter... filters) {
        return new ExcludedByAny(List.of(filters));
    }
}
