package dev.dromedary.source;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Recognizes a source by the names directly in it, here or on another machine. */
public final class SameSourceHeuristic {

    /** The maximum number of names that are remembered. */
    public static final int MOST = 1000;

    // every ext4 has it, so it distinguishes nothing
    private static final String OF_EACH_DISK = "lost+found";

    private SameSourceHeuristic() {
    }

    /** {@return whether a name helps to identify a source} */
    public static boolean tells(String name) {
        return !name.equals(OF_EACH_DISK);
    }

    /** {@return whether at least one and at least half of the earlier names are there again} */
    public static boolean areMost(Collection<String> before, Collection<String> now) {
        Set<String> telling = new HashSet<>(before);
        telling.removeIf(name -> !tells(name));
        int all = telling.size();
        telling.retainAll(now instanceof Set ? now : new HashSet<>(now));
        return !telling.isEmpty() && telling.size() * 2 >= all;
    }
}
