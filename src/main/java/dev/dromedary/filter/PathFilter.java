package dev.dromedary.filter;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Says which paths of a source are left out of its mirror.
 *
 * <p>A path is relative to the source root: its chars are the raw bytes of the name (as ISO-8859-1 decodes them), parted
 * by '/', with none at either end; {@code ""} is the root itself, which is never left out.
 */
public interface PathFilter {

    /**
     * Is this entry left out, given that none of its parents is?
     *
     * @param directory whether it is a real folder: a link to one is not
     */
    boolean excludesEntry(String path, boolean directory);

    /** Is this entry left out, by itself or with one of its parents? */
    boolean excludes(String path, boolean directory);

    /**
     * Leaves out just what all of these leave out: what one of several targets still wants has to be watched. Of none at
     * all, nothing is left out.
     */
    static PathFilter allOf(Collection<? extends PathFilter> filters) {
        List<PathFilter> distinct = filters.stream().<PathFilter>map(filter -> filter).distinct().toList();
        if (distinct.isEmpty() || distinct.contains(FilterRules.NONE)) {
            return FilterRules.NONE;
        }
        return distinct.size() == 1 ? distinct.get(0) : new ExcludedByAll(distinct);
    }

    /** Leaves out what another one leaves out, which is asked for each time. */
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

    /** Leaves out what one of these leaves out. */
    static PathFilter anyOf(PathFilter... filters) {
        return new ExcludedByAny(List.of(filters));
    }
}
