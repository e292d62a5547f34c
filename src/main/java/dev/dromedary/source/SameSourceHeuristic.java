package dev.dromedary.source;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** The rule by which a source is known again by what lies directly in it, here or on another machine. */
public final class SameSourceHeuristic {

    /** How many names are remembered. */
    public static final int MOST = 1000;

    // each ext4 has it, so it tells none from another
    private static final String OF_EACH_DISK = "lost+found";

    private SameSourceHeuristic() {
    }

    /** {@return whether a name says anything of whose it is} */
    public static boolean tells(String name) {
        return !name.equals(OF_EACH_DISK);
    }

    /** {@return whether at least half of the names that were there are there again, and one at least} */
    public static boolean areMost(Collection<String> before, Collection<String> now) {
        Set<String> telling = new HashSet<>(before);
        telling.removeIf(name -> !tells(name));
        int all = telling.size();
        telling.retainAll(now instanceof Set ? now : new HashSet<>(now));
        return !telling.isEmpty() && telling.size() * 2 >= all;
    }
}
