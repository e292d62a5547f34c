package dev.dromedary.order;

import java.util.List;
import java.util.function.Predicate;

import dev.dromedary.filter.FilterRules;

/** Tells which paths travel last, by patterns as rsync has them. A path is in the notation of {@link dev.dromedary.filter.PathFilter}. */
public final class LastPathMatcher implements Predicate<String> {

    private final FilterRules rules;

    /** @param rules that leave out just these */
    public LastPathMatcher(List<String> rules) {
        this.rules = FilterRules.of(rules);
    }

    /** What is gone may have been a folder, so a pattern for folders fits any path. */
    @Override
    public boolean test(String path) {
        return rules.excludes(path, false) || rules.excludes(path, true);
    }
}
