package dev.dromedary.routes;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.dromedary.backlog.BacklogPolicy;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.config.Deletion;
import dev.dromedary.config.Target;
import dev.dromedary.deadletter.DeadLetters;

/**
 * Tells the backlog of a target that is pulled into what it needs to know about files and dead letters. Only the source knows which files are
 * large: a run skips them and reports them.
 */
public final class PullBacklogPolicy implements BacklogPolicy {

    private static final int MOST_KNOWN = 10_000;

    private final Target target;
    private final DeadLetters deadLetters;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    public PullBacklogPolicy(Target target, DeadLetters deadLetters) {
        this.target = target;
        this.deadLetters = deadLetters;
    }

    /** Returns, of what has failed before, the large files that a run has skipped; otherwise a new attempt would begin by skipping them again. */
    @Override
    public ChangeSet large(ChangeSet changes) {
        ChangeSet large = new ChangeSet();
        if (!changes.letters().isEmpty()) {
            changes.forEach((path, extent) -> {
                if (extent.compareTo(Extent.ENTRY) <= 0 && known.contains(path)) {
                    large.add(path, Extent.ENTRY, changes.since());
                }
            });
        }
        return large;
    }

    @Override
    public void passedOver(ChangeSet large) {
        if (known.size() > MOST_KNOWN) {
            known.clear();
        }
        large.forEach((path, extent) -> known.add(path));
    }

    @Override
    public boolean mayMove() {
        return (target.delete() == Deletion.TRUE || target.delete() == Deletion.LIVE) && !deadLettersWait();
    }

    @Override
    public boolean tidies() {
        return true;
    }

    @Override
    public boolean deadLettersWait() {
        return !deadLetters.waiting(target.id()).isEmpty();
    }

    @Override
    public ChangeSet onDisk(Set<String> held) {
        return deadLetters.pendingExcept(target.id(), held);
    }
}
