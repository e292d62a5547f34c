package dev.dromedary.routes;

import java.util.Set;

import dev.dromedary.backlog.BacklogPolicy;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.deadletter.DeadLetters;

/**
 * Tells the backlog what it needs to know about a target to which rsync does not send each change: no file is sent separately there.
 *
 * @param moves whether moves are reported
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
