package dev.dromedary.filter;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * rsync's include and exclude rules, matched here the way rsync matches them, so that what rsync would exclude is not even watched. The
 * authority is rsync(1), "FILTER RULES" and "PATTERN MATCHING RULES"; the tests compare with rsync itself.
 *
 * <p>The first rule that matches decides; a path that none matches is included. Patterns are compared by byte, as rsync does: a '?' or a
 * class takes one byte of a UTF-8 character, not the whole of it.
 */
public final class FilterRules implements PathFilter {

    /** Excludes nothing. */
    public static final FilterRules NONE = new FilterRules(List.of());

    // MAXPATHLEN of rsync is 4096, with the slash in front and a byte at the end
    private static final int LONGEST_RULE = 4090;

    private final List<FilterRule> rules;

    private FilterRules(List<FilterRule> rules) {
        this.rules = rules;
    }

    /**
     * Reads rules, each {@code "+ PATTERN"}, {@code "- PATTERN"}, {@code "include PATTERN"} or {@code "exclude PATTERN"}. Exactly one space
     * separates the two: further ones, and those at the end, belong to the pattern.
     *
     * @throws IllegalArgumentException names the first rule that is of another kind (merge files, one-sided rules, modifiers, the
     *         list-clearing '!') or that rsync would drop or misread
     */
    public static FilterRules of(List<String> rules) {
        return rules.isEmpty() ? NONE : new FilterRules(rules.stream().map(FilterRule::parse).toList());
    }

    @Override
    public boolean excludesEntry(String path, boolean directory) {
        if (path.isEmpty()) {
            return false;
        }
        for (FilterRule rule : rules) {
            if (rule.pattern().matches(path, directory)) {
                return rule.exclude();
            }
        }
        return false;
    }

    /**
     * The rule that excludes a path.
     *
     * @param path what the rule matches: the path itself, or one of its folders
     * @param rule its index in the list that the rules were made from
     */
    public record Exclusion(String path, int rule) {
    }

    /** {@return the rule that excludes a path; empty if it is not excluded} */
    public Optional<Exclusion> exclusion(String path, boolean directory) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            Optional<Exclusion> above = exclusionOfEntry(path.substring(0, slash), true);
            if (above.isPresent()) {
                return above;
            }
        }
        return exclusionOfEntry(path, directory);
    }

    private Optional<Exclusion> exclusionOfEntry(String path, boolean directory) {
        for (int i = 0; i < rules.size() && !path.isEmpty(); i++) {
            if (rules.get(i).pattern().matches(path, directory)) {
                return rules.get(i).exclude() ? Optional.of(new Exclusion(path, i)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean excludes(String path, boolean directory) {
        if (rules.isEmpty()) {
            return false;
        }
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (excludesEntry(path.substring(0, slash), true)) {
                return true;
            }
        }
        return excludesEntry(path, directory);
    }

    /** Returns whether there is no rule at all. */
    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /**
     * The rules as a file for {@code --filter='merge FILE'}, one a line.
     *
     * <p>Not to be used with {@code --from0}: rsync then takes the whole file for one rule, which matches nothing, without any message. Use
     * {@link #mergeFile0()} there.
     */
    public byte[] mergeFile() {
        return mergeFile('\n');
    }

    /** The rules as a merge file for an rsync that runs with {@code --from0}, where a NUL ends each rule. */
    public byte[] mergeFile0() {
        return mergeFile('\0');
    }

    /**
     * The rules as a merge file for {@code --from0}, with rules in front that exclude some paths.
     *
     * @param without in the notation of {@link PathFilter}; none is {@code ""}
     */
    public byte[] mergeFile0(Collection<String> without) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        without.forEach(path -> file.writeBytes(("- /" + literally(path) + '\0').getBytes(StandardCharsets.ISO_8859_1)));
        file.writeBytes(mergeFile0());
        return file.toByteArray();
    }

    /**
     * A merge file for {@code --from0} that protects everything at the receiver from being deleted, except some entries.
     *
     * @param names in the notation of {@link PathFilter}, also those of folders: for {@code --delete-missing-args} rsync holds what is gone for a
     *              file (3.2.3, 3.5.0), which a rule with a slash at its end does not match
     */
    public static byte[] onlyDeletable0(Collection<String> names) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        names.forEach(name -> file.writeBytes(("risk /" + literally(name) + '\0').getBytes(StandardCharsets.ISO_8859_1)));
        file.writeBytes("protect *\0".getBytes(StandardCharsets.ISO_8859_1));
        return file.toByteArray();
    }

    // a backslash is an escape only in a pattern with a wildcard; rsync drops a rule that is longer than a path, so a very long one gets wildcards
    private static String literally(String path) {
        String escaped = path.matches("(?s).*[*?\\[].*") ? path.replaceAll("[*?\\[\\\\]", "\\\\$0") : path;
        return escaped.length() <= LONGEST_RULE ? escaped : path.replaceAll("[*?\\[\\\\]", "?");
    }

    private byte[] mergeFile(char end) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (FilterRule rule : rules) {
            file.writeBytes((rule.line() + end).getBytes(StandardCharsets.ISO_8859_1));
        }
        return file.toByteArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FilterRules that && rules.equals(that.rules);
    }

    @Override
    public int hashCode() {
        return rules.hashCode();
    }

    @Override
    public String toString() {
        return rules.toString();
    }
}
