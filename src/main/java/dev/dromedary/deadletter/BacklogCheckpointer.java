package dev.dromedary.deadletter;

import java.util.Collection;
import java.util.concurrent.TimeUnit;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.TargetOutage;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.log.LogContext;

/** Saves to disk whatever has been pending for a target for more than a moment, for whichever reason it waits. */
public final class BacklogCheckpointer {

    private static final long MOMENT_MILLIS = TimeUnit.SECONDS.toMillis(2);

    private final Collection<Backlog> backlogs;
    private final DeadLetters deadLetters;

    /** @param backlogs those of all targets */
    public BacklogCheckpointer(Collection<Backlog> backlogs, DeadLetters deadLetters) {
        this.backlogs = backlogs;
        this.deadLetters = deadLetters;
    }

    /** Saves what has waited for more than two seconds; called periodically. */
    public void keep() {
        deadLetters.tryAgain();
        for (Backlog backlog : backlogs) {
            LogContext.target(backlog.id());
            deadLetters.save(backlog, SteadyClock.millis() - MOMENT_MILLIS, reason(backlog));
        }
        LogContext.clear();
    }

    /**
     * Saves everything, after sending has ended.
     *
     * @return whether all of it is on disk
     */
    public boolean keepAll(Backlog backlog) {
        return deadLetters.save(backlog, Long.MAX_VALUE, "the program was stopped before it had arrived");
    }

    private static String reason(Backlog backlog) {
        TargetOutage pause = backlog.paused();
        return backlog.halted() != null ? backlog.halted() : pause != null ? pause.reason() : "it waits for a run to end";
    }
}
