package dev.dromedary.routes;

import java.util.Set;

import dev.dromedary.backlog.LaneSelector;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.deadletter.DeadLetters;

/** What the backlog has to know of a target that is not pushed to: nothing is carried apart there. */
record PullLaneSelector(String target, DeadLetters deadLetters) implements LaneSelector {

    @Override
    public ChangeSet large(ChangeSet changes) {
        return new ChangeSet();
    }

    @Override
    public boolean mayMove() {
        return false;
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
        return deadLetters.owed(target, held);
    }
}
