package dev.dromedary.sersync;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The configuration under construction. Sersync has one set of options for all that it mirrors, so each mirror gets all of them. */
final class ConfigDraft {

    /** A target. */
    record Target(String name, String url) {
    }

    /** A source and its targets; there is at least one. */
    record Mirror(String name, String source, List<Target> targets) {
    }

    private final List<Mirror> mirrors = new ArrayList<>();
    private final Map<String, String> options = new LinkedHashMap<>();
    private final Set<String> excludes = new LinkedHashSet<>();
    private final List<String> rsyncOptions = new ArrayList<>();
    private final List<String> ways = new ArrayList<>();

    void mirror(Mirror mirror) {
        mirrors.add(mirror);
    }

    void set(String option, String value) {
        options.put(option, value);
    }

    void exclude(String pattern) {
        excludes.add(pattern);
    }

    void rsyncOption(String word) {
        rsyncOptions.add(word);
    }

    /** Adds an option that is written as a comment, for a person to finish. */
    void way(String option) {
        ways.add(option);
    }

    List<Mirror> mirrors() {
        return mirrors;
    }

    Set<String> excludes() {
        return excludes;
    }

    List<String> ways() {
        return ways;
    }

    /** {@return the options of every mirror, in the order in which docs/configuration.md explains them} */
    Map<String, String> options() {
        Map<String, String> all = new LinkedHashMap<>();
        put(all, "password-file", options.get("password-file"));
        put(all, "rsync-options", rsyncOptions.isEmpty() ? null : String.join(" ", rsyncOptions));
        put(all, "exclude", excludes.isEmpty() ? null : String.join(", ", excludes));
        options.forEach((option, value) -> put(all, option, value));
        return all;
    }

    private static void put(Map<String, String> all, String option, String value) {
        if (value != null) {
            all.putIfAbsent(option, value);
        }
    }
}
