package dev.dromedary.routes;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.BacklogPolicy;
import dev.dromedary.backlog.ExponentialBackoff;
import dev.dromedary.backlog.HaltReason;
import dev.dromedary.backlog.ReleaseTrigger;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Target;
import dev.dromedary.deadletter.BacklogCheckpointer;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.log.LogContext;
import dev.dromedary.state.UnsavedChangesFlag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the backlog of each target, from the start of the target to its end, and knows whether its content is on disk. Backlogs are opened
 * and closed by one thread at a time; {@link #all} may be read by any thread.
 */
final class TargetBacklogs {

    /** The interval at which an unreachable target is probed, if replay follows a cron expression. */
    static final Duration ASKED_EVERY = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(TargetBacklogs.class);

    private final Path stateDir;
    private final DeadLetters deadLetters;
    private final BacklogCheckpointer checkpointer;
    private final Map<String, Backlog> all = new ConcurrentSkipListMap<>();
    private final Map<String, UnsavedChangesFlag> unsaved = new ConcurrentHashMap<>();
    private final Set<String> afterCrash = new HashSet<>();

    TargetBacklogs(Path stateDir, DeadLetters deadLetters) {
        this.stateDir = stateDir;
        this.deadLetters = deadLetters;
        this.checkpointer = new BacklogCheckpointer(all.values(), deadLetters);
    }

    /** {@return the checkpointer that writes the content of all backlogs to disk} */
    BacklogCheckpointer checkpointer() {
        return checkpointer;
    }

    /** {@return the backlogs by the id of their target, sorted; changes as targets come and go} */
    Map<String, Backlog> all() {
        return all;
    }

    /** {@return the backlog of a target; null if the target is not open} */
    Backlog get(String target) {
        return all.get(target);
    }

    /**
     * Opens the backlog of a target. An open one keeps its content and continues with the new options.
     *
     * @param releaseTrigger decides when a release is made; null if each change is sent as soon as possible
     * @throws IOException if the flag that the backlog is in use can't be written to disk
     */
    Backlog open(Target target, BacklogPolicy policy, ReleaseTrigger releaseTrigger) throws IOException {
        ExponentialBackoff backoff = new ExponentialBackoff(target.retryDelay().toMillis(), target.replay().everyOr(ASKED_EVERY).toMillis());
        Backlog known = all.get(target.id());
        if (known != null) {
            known.goOnBy(target.window().toMillis(), target.maxBacklog(), backoff, policy);
            return known;
        }
        UnsavedChangesFlag flag = new UnsavedChangesFlag(stateDir, target.id());
        if (flag.isLeft()) {
            LOG.info("{}: the program did not stop properly the last time: the whole tree is compared", target.id());
            afterCrash.add(target.id());
        }
        flag.begin();
        unsaved.put(target.id(), flag);
        Backlog backlog = new Backlog(target.id(), target.window().toMillis(), target.maxBacklog(), backoff, policy, releaseTrigger);
        all.put(target.id(), backlog);
        return backlog;
    }

    /** {@return whether the process that had this target before did not stop properly; true once only} */
    boolean isAfterCrash(Target target) {
        return afterCrash.remove(target.id());
    }

    /**
     * Closes the backlog of a target whose routes have ended. Its content is on disk then; if the target comes back, the whole tree is
     * compared.
     *
     * @return whether it was open
     */
    boolean close(Target target) {
        Backlog backlog = all.remove(target.id());
        if (backlog == null) {
            return false;
        }
        if (!checkpointer.keepAll(backlog)) {
            LOG.error("{}: what is pending could not be kept on disk; should the target come back, the whole tree is compared", target.id());
        }
        backlog.close();
        unsaved.remove(target.id());
        return true;
    }

    /** Writes the content of all backlogs to disk, after their routes have ended. */
    void keepAll() {
        for (Backlog backlog : all.values()) {
            LogContext.target(backlog.id());
            try {
                if (checkpointer.keepAll(backlog)) {
                    unsaved.get(backlog.id()).end();
                } else {
                    LOG.error("{}: the pending changes could not be kept: the next start compares the whole tree", backlog.id());
                }
            } catch (IOException e) {
                LOG.warn("{}: the next start compares the whole tree ({})", backlog.id(), e.toString());
            }
        }
        LogContext.clear();
    }

    /** Halts a new target like the other targets of its mirror, if their source is gone. */
    void haltAsOthers(Mirror mirror, Target added) {
        Backlog backlog = all.get(added.id());
        mirror.targets().stream().filter(target -> !target.equals(added)).map(target -> all.get(target.id())).filter(Objects::nonNull)
                .findFirst().ifPresent(other -> {
                    HaltReason halt = other.halts().get(BacklogEndpoint.BY_SOURCE);
                    if (halt != null) {
                        backlog.halt(BacklogEndpoint.BY_SOURCE, halt.reason());
                        // the source may have come back in between
                        if (!other.halts().containsKey(BacklogEndpoint.BY_SOURCE)) {
                            backlog.resume(BacklogEndpoint.BY_SOURCE);
                        }
                    }
                });
    }

    /** Probes and checks a target again, as after a start, even if a run or a guard had halted it. */
    void hurry(Target target) {
        Backlog backlog = all.get(target.id());
        backlog.resume(BacklogEndpoint.BY_RUN);
        backlog.resume(BacklogEndpoint.BY_TARGET);
        deadLetters.hurry(target.id());
        backlog.hurry();
    }
}
