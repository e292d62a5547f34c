package dev.dromedary.order;

import java.util.List;
import java.util.function.Predicate;

import dev.dromedary.filter.FilterRules;

/** Tells which paths travel last, by rsync patterns. A path is in the notation of {@link dev.dromedary.filter.PathFilter}. */
public final class LastPathMatcher implements Predicate<String> {

    private final FilterRules rules;

    /** @param rules filter rules that exclude exactly these paths */
    public LastPathMatcher(List<String> rules) {
        this.rules = FilterRules.of(rules);
    }

    /** A path that is gone may have been a folder, so a pattern for folders matches any path. */
    @Override
    public boolean test(String path) {
        return rules.excludes(path, false) || rules.excludes(path, true);
    }
}
