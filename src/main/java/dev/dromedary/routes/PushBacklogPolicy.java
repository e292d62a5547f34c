package dev.dromedary.routes;

import java.util.Set;

import dev.dromedary.backlog.BacklogPolicy;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.config.Deletion;
import dev.dromedary.config.Target;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.order.LastPathMatcher;
import dev.dromedary.source.LargeFileFinder;

/** Tells the backlog of one target what it needs to know about files and dead letters. */
record PushBacklogPolicy(Target target, LargeFileFinder largeFiles, LastPathMatcher last, DeadLetters deadLetters) implements BacklogPolicy {

    @Override
    public ChangeSet large(ChangeSet changes) {
        ChangeSet large = largeFiles.in(changes);
        if (!target.isOrdered()) {
            return large;
        }
        ChangeSet others = new ChangeSet();
        large.forEach((path, extent) -> {
            if (!last.test(path)) {
                others.add(path, Extent.ENTRY, large.since());
            }
        });
        return others;
    }

    @Override
    public boolean mayMove() {
        // if the old path stays, the two would share content and attributes; and a move deletes at once
        return (target.delete() == Deletion.TRUE || target.delete() == Deletion.LIVE) && !target.isOrdered() && !deadLettersWait();
    }

    @Override
    public boolean travelsLast(String path) {
        return target.isOrdered() && last.test(path);
    }

    @Override
    public boolean largeAfterTree() {
        return target.maxChange() != null;
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
