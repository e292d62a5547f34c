package dev.dromedary.routes;

import java.util.Set;

import dev.dromedary.backlog.BacklogPolicy;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.deadletter.DeadLetters;

/**
 * What the backlog has to know of a target that no rsync reaches change by change: nothing is carried apart there.
 *
 * @param moves whether it is told what was moved
 */
record TopicBacklogPolicy(String target, DeadLetters deadLetters, boolean moves) implements BacklogPolicy {

    @Override
    public ChangeSet large(ChangeSet changes) {
        return new ChangeSet();
    }

    @Override
    public boolean mayMove() {
        return moves && !deadLettersWait();
    }

    @Override
    public boolean tidies() {
        return false;
    }

    @Override
    public boolean deadLettersWait() {
        return !deadLetters.waiting(target).isEmpty();
    }

    @Override
    public ChangeSet onDisk(Set<String> held) {
        return deadLetters.pendingExcept(target, held);
    }
}
