package dev.dromedary.deadletter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.ExponentialBackoff;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.log.Redaction;
import dev.dromedary.state.StateFolder;
import org.apache.camel.Body;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the dead letters of all targets, below {@code dead-letter/mirror/target} of the state folder. A letter that fails again is
 * replaced, and many small ones are merged, so an outage leaves a few letters and not thousands.
 */
public final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final long SAY_AGAIN_AFTER_MILLIS = 60_000;

    private record Said(String reason, long when, int times) {
    }

    private final Path stateDir;
    private final Map<String, TargetDeadLetters> targets = new ConcurrentHashMap<>();
    private final Map<String, Said> said = new ConcurrentHashMap<>();
    private volatile String fault;

    /** @param stateDir the state folder */
    public DeadLetters(Path stateDir) {
        this.stateDir = stateDir;
    }

    /**
     * Manages the letters of a target from now on.
     *
     * @param pace how soon a path is retried that failed for a reason of its own
     */
    public void open(String target, ExponentialBackoff pace) throws IOException {
        TargetDeadLetters known = targets.get(target);
        if (known != null) {
            // what its backlog holds of them stays on loan
            known.pace(pace);
            return;
        }
        TargetDeadLetters letters = letters(target, pace);
        letters.tidy();
        targets.put(target, letters);
    }

    /** Takes back the letters that the backlog of a target holds, as the target is given up; they stay on disk. */
    public void close(String target) {
        targets.get(target).reclaim(Set.of());
    }

    /** Deletes all letters of a target that was {@link #close}d: nobody will want their content. */
    public void remove(String target) throws IOException {
        targets.remove(target);
        Path folder = folder().resolve(target);
        if (Files.isDirectory(folder)) {
            try (Stream<Path> all = Files.list(folder)) {
                for (Path letter : all.toList()) {
                    Files.deleteIfExists(letter);
                }
            }
            Files.deleteIfExists(folder);
        }
    }

    private TargetDeadLetters letters(String target, ExponentialBackoff pace) {
        return new TargetDeadLetters(target, folder().resolve(target), stateDir.resolve("quarantine").resolve(target), pace);
    }

    private Path folder() {
        return stateDir.resolve("dead-letter");
    }

    /**
     * Moves the letters of targets that are not configured to the quarantine.
     *
     * @return these targets, mirror/target: should they come back, everything is pending for them
     */
    public List<String> setAsideUnknown() throws IOException {
        if (!Files.isDirectory(folder())) {
            return List.of();
        }
        List<String> unknown;
        try (Stream<Path> mirrors = Files.walk(folder(), 2)) {
            unknown = mirrors.filter(path -> folder().relativize(path).getNameCount() == 2 && Files.isDirectory(path))
                    .map(path -> folder().relativize(path).toString()).filter(target -> !targets.containsKey(target))
                    .toList();
        }
        for (String target : unknown) {
            int aside = letters(target, new ExponentialBackoff(1, 1)).setAsideAll("the target " + target + " is not configured any more");
            if (aside > 0) {
                LOG.warn("{} is not configured any more: its {} dead letters are kept in {}", target, aside,
                        stateDir.resolve("quarantine").resolve(target));
            }
        }
        return unknown;
    }

    /**
     * Keeps the pending changes of a failed run, on disk when this returns, and replaces the letters that they came from.
     *
     * @throws IOException if they can't be written: then they are still pending
     */
    public void keep(@Body ChangeSet changes, Exchange exchange) throws IOException {
        if (exchange.getProperty(BacklogEndpoint.CUT_OFF, false, Boolean.class)) {
            changes.cutOff(true);
        }
        String target = exchange.getProperty(BacklogEndpoint.TARGET, String.class);
        RunOutcome outcome = RunOutcome.named(exchange.getProperty(BacklogEndpoint.OUTCOME, "away", String.class));
        String reason = exchange.getProperty(BacklogEndpoint.REASON, String.class);
        String why = Redaction.of(reason != null ? reason
                : reason(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)));
        ChangeSet parked = exchange.getProperty(BacklogEndpoint.PARKED, ChangeSet.class);
        boolean replay = exchange.getProperty(BacklogEndpoint.REPLAY, false, Boolean.class);
        Path where = writing(() -> targets.get(target).keep(changes, parked, outcome, why, replay));
        exchange.setProperty(BacklogEndpoint.KEPT, true);
        say(target, outcome == RunOutcome.PARTLY ? parked : changes, where, why);
    }

    // repetitions of the same message are only counted
    private void say(String target, ChangeSet changes, Path where, String why) {
        long now = SteadyClock.millis();
        Said before = said.get(target);
        if (before != null && before.reason.equals(why) && now - before.when < SAY_AGAIN_AFTER_MILLIS) {
            said.put(target, new Said(why, before.when, before.times + 1));
            return;
        }
        said.put(target, new Said(why, now, 0));
        LOG.warn("{}: {} could not be transferred; kept in {} and tried again: {}{}", target, changes, where, why,
                before == null || before.times == 0 ? "" : " (and " + before.times + " times before)");
    }

    private static String reason(Exception cause) {
        if (cause == null || cause instanceof RejectedExecutionException) {
            return "the program was stopped before it had arrived";
        }
        Throwable root = cause;
        while (root.getCause() != null && root.getMessage() != null && root instanceof CamelExecutionException) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    @FunctionalInterface
    private interface Writing<T> {
        T write() throws IOException;
    }

    private <T> T writing(Writing<T> what) throws IOException {
        try {
            T done = what.write();
            if (fault != null) {
                LOG.info("The state folder {} can be written to again", stateDir);
                fault = null;
            }
            return done;
        } catch (IOException e) {
            if (fault == null) {
                LOG.error("The state folder {} can't be written to ({}): pending changes stay in memory, and a crash would"
                        + " lose them. Make room, or give the right to write there; it goes on by itself", stateDir, e.toString());
            }
            fault = "the state folder " + stateDir + " can't be written to: " + e;
            throw e;
        }
    }

    /** Checks, after a failure to write, whether the state folder can be written to again. */
    void tryAgain() {
        if (fault == null) {
            return;
        }
        try {
            writing(() -> {
                Path probe = StateFolder.make(folder()).resolve("probe.tmp");
                StateFolder.write(probe, new byte[1]);
                return Files.deleteIfExists(probe);
            });
        } catch (IOException e) {
            LOG.debug("Still not: {}", e.toString());
        }
    }

    /** Why nothing can be kept on disk, or null. */
    public String fault() {
        return fault;
    }

    /** Removes the letters whose content has arrived. Makes those due whose paths have all arrived with other changes. */
    public void arrived(@Body ChangeSet changes, @ExchangeProperty(BacklogEndpoint.TARGET) String target) {
        forget(target, changes);
        targets.get(target).arrived(changes);
    }

    // a letter that can't be removed is sent again, which is harmless
    private void forget(String target, ChangeSet changes) {
        try {
            targets.get(target).forget(changes.letters());
        } catch (IOException e) {
            LOG.warn("{}: a dead letter that is done could not be removed: {}", target, e.toString());
        }
    }

    /**
     * Reads the due dead letters of a target for its backlog. They stay on disk until their content has arrived.
     *
     * @param target mirror/target
     * @return what is pending, in sets of a bounded size
     */
    public List<ChangeSet> replay(String target) throws IOException {
        return targets.get(target).due();
    }

    /**
     * Saves to disk what has been in a backlog for a while; it stays in the backlog too.
     *
     * @param before only what has been pending since before this moment of {@link SteadyClock}
     * @return whether all of it is on disk now
     */
    public boolean save(Backlog backlog, long before, String reason) {
        boolean all = true;
        targets.get(backlog.id()).reclaim(backlog.letters());
        for (Backlog.Unsaved unsaved : backlog.unsaved(before)) {
            TargetDeadLetters letters = targets.get(backlog.id());
            try {
                String letter = writing(() -> letters.save(unsaved.copy(), reason));
                forget(backlog.id(), backlog.saved(unsaved, letter) ? unsaved.copy() : new ChangeSet().letter(letter));
            } catch (IOException e) {
                backlog.saved(unsaved, null);
                all = false;
            }
        }
        return all;
    }

    /** The letters of a target that wait on disk, and are not in its backlog. */
    public List<DeadLetterHeader> waiting(String target) {
        return targets.get(target).waiting();
    }

    /** All known letters of a target, including those in flight. */
    public List<DeadLetterHeader> all(String target) {
        return targets.get(target).all();
    }

    /**
     * The pending changes in the letters of a target, except those that are in its backlog.
     *
     * @param held the letters, or parts of one, that the backlog has
     */
    public ChangeSet pendingExcept(String target, Set<String> held) {
        return targets.get(target).pendingExcept(held);
    }

    /** Returns whether a letter is in the backlog, or in flight from there. */
    public boolean isOnLoan(String target, String id) {
        return targets.get(target).isOnLoan(id);
    }

    /** Makes all letters of a target due. */
    public void hurry(String target) {
        hurry(target, all(target).stream().map(DeadLetterHeader::id).toList());
    }

    /** Makes some letters of a target due. */
    public void hurry(String target, List<String> ids) {
        targets.get(target).hurry(ids);
    }

    /**
     * Moves a letter to the quarantine, as nobody wants its content sent any more.
     *
     * @param backlog the backlog of its target
     * @return false if a run has it in flight, so that it may be arriving
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    public boolean discard(Backlog backlog, String id) throws IOException {
        String target = backlog.id();
        boolean done = targets.get(target).discard(id, backlog, "discarded by hand");
        if (done) {
            LOG.warn("{}: the dead letter {} was discarded by hand: its paths are no longer pending, until they change or the whole"
                    + " tree is compared. It is kept in {}", target, id, stateDir.resolve("quarantine").resolve(target));
        }
        return done;
    }

    /**
     * The pending paths of a letter.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such letter, or none any more
     * @throws IllegalArgumentException          if it can't be trusted; the message says why
     */
    public List<PendingPath> paths(String target, String id) throws IOException {
        return targets.get(target).paths(id);
    }

    /** How many letters a target has. */
    public int count(String target) {
        return targets.get(target).count();
    }
}
