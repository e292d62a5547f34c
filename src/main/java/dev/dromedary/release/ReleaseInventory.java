package dev.dromedary.release;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.dromedary.config.Target;

/**
 * The releases that a target has.
 *
 * @param there   the numbers of those whose folder exists, complete or not
 * @param current the number that the link points to; 0 if there is no such link, or its destination does not exist
 * @param blocked whether something other than a link has the link's name
 */
record ReleaseInventory(SortedSet<Integer> there, int current, boolean blocked) {

    // nine digits always fit
    private static final Pattern FOLDER = Pattern.compile("^d\\S+ .* " + Target.RELEASES + "/([1-9]\\d{0,8})$", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("^l\\S+ .* " + Target.CURRENT + " -> (?:\\./)?" + Target.RELEASES + "/([1-9]\\d{0,8})/?$",
            Pattern.MULTILINE);
    private static final Pattern NO_LINK = Pattern.compile("^[^l]\\S+ .* " + Target.CURRENT + "$", Pattern.MULTILINE);

    ReleaseInventory {
        there = Collections.unmodifiableSortedSet(new TreeSet<>(there));
    }

    /**
     * {@return the releases that rsync has listed}
     *
     * @param listed by {@code --list-only --links}, with LC_ALL=C
     */
    static ReleaseInventory of(String listed) {
        TreeSet<Integer> there = new TreeSet<>();
        for (Matcher folder = FOLDER.matcher(listed); folder.find();) {
            there.add(Integer.valueOf(folder.group(1)));
        }
        Matcher link = LINK.matcher(listed);
        int current = link.find() ? Integer.parseInt(link.group(1)) : 0;
        return new ReleaseInventory(there, there.contains(current) ? current : 0, NO_LINK.matcher(listed).find());
    }
}
