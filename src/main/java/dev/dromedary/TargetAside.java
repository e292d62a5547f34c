package dev.dromedary;

import java.util.Set;

import dev.dromedary.change.Aside;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.config.Deletion;
import dev.dromedary.config.Target;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.source.LargeFiles;

/** What the backlog of one target has to know of files and dead letters. */
record TargetAside(Target target, LargeFiles largeFiles, DeadLetters deadLetters) implements Aside {

    @Override
    public ChangeSet large(ChangeSet changes) {
        return largeFiles.in(changes);
    }

    @Override
    public boolean mayMove() {
        // where the old path stays, the two would share their content and their attributes
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
        return deadLetters.owed(target.id(), held);
    }
}
