package dev.dromedary.change;

import java.util.HashSet;
import java.util.Set;

/** No dead letters, and as large files these paths, each when it is asked for the first time. */
public class KnownAside implements Aside {

    private final Set<String> large;

    public KnownAside(String... large) {
        this.large = new HashSet<>(Set.of(large));
    }

    @Override
    public ChangeSet large(ChangeSet changes) {
        ChangeSet found = new ChangeSet();
        large.stream().filter(path -> changes.covers(path, Extent.ENTRY)).forEach(path -> found.add(path, Extent.ENTRY));
        found.forEach((path, extent) -> large.remove(path));
        return found;
    }

    @Override
    public boolean mayMove() {
        return true;
    }

    @Override
    public boolean tidies() {
        return true;
    }

    @Override
    public boolean deadLettersWait() {
        return false;
    }
}
