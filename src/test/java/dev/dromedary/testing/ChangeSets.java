package dev.dromedary.testing;

import java.util.Map;
import java.util.TreeMap;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;

/** What a set of changes holds, to be compared. */
public final class ChangeSets {

    private ChangeSets() {
    }

    /** {@return its paths, each with how much of it is pending} */
    public static Map<String, Extent> pending(ChangeSet set) {
        Map<String, Extent> pending = new TreeMap<>();
        set.forEach(pending::put);
        return pending;
    }
}
