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
 * What the backlog of a target that is pulled into has to know of files and dead letters. Which files are large only the source knows:
 * a run passes them over, and says so.
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

    /** Of what has failed before: those that a run has passed over; else an attempt of theirs would begin by passing them over once more. */
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
