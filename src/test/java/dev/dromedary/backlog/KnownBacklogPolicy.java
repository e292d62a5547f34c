package dev.dromedary.backlog;

import java.util.HashSet;
import java.util.Set;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;

/** No dead letters unless they are told, and as large files these paths, each when it is asked for the first time. */
public class KnownBacklogPolicy implements BacklogPolicy {

    private final Set<String> large;
    private volatile ChangeSet onDisk = new ChangeSet();

    public KnownBacklogPolicy(String... large) {
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

    @Override
    public ChangeSet onDisk(Set<String> held) {
        return new ChangeSet().merge(onDisk);
    }

    /** What is owed by dead letters from now on. */
    public void onDisk(ChangeSet changes) {
        onDisk = changes;
    }
}
