package dev.dromedary.rsync;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.state.StateFolder;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.component.exec.ExecBinding;

/**
 * Enforces {@code max-delete}. Each run that may delete is preceded by a {@code --dry-run}. If it would delete more, nothing is sent and
 * the target halts. rsync's own {@code --max-delete} first deletes that many, and each further attempt deletes as many again. Safe for use
 * by several threads.
 *
 * <p>A source on another machine may vanish between two connections: its disk is unmounted, and an empty folder is left. rsync would delete
 * everything then, and no argument makes it check the source first (measured with 3.5.0: a listed path that is missing is an error, but the
 * deletions are made). So a pull may delete as many entries as its list allows ({@link DeletionBudget}), or, if whole folders are compared,
 * only the entries that were missing while the source was known to be there. If it would delete more of a list, or finds less than half of
 * the source, they are counted again.
 */
public final class MaxDeleteGuard {

    /** Property: how many deletions the next run may make. */
    static final String PROPERTY = "DromedaryMostDeletions";

    /** Property: the file with the rules by which the next run may delete only what was counted. */
    static final String RULES = "DromedaryDeletable";

    /** Property: whether the list does not tell how many deletions the run may make. */
    static final String UNCOUNTED = "DromedaryUncounted";

    /** Property: whether a run has shown that its deletions have to be counted. */
    static final String RECOUNT = "DromedaryRecount";

    /** Property: how many runs had to be repeated without having deleted anything. */
    static final String FRUITLESS = "DromedaryFruitless";

    /** Property, set by the route: whether the deletions were counted, so that the source has to be probed once more. */
    static final String COUNTED = "DromedaryCounted";

    private static final int MOST_FRUITLESS = 2;
    // the run went to its end, perhaps without some paths (rsync(1), EXIT VALUES)
    private static final Set<Integer> WHOLE = Set.of(0, ExitCodeTable.VANISHED);
    private static final int PARTIAL = 23;

    private static final long ALLOWED_MILLIS = TimeUnit.HOURS.toMillis(1);

    private final String target;
    private final int most;
    private final Path rules;
    private final Map<String, Long> wanted = new HashMap<>();
    private long allowed;
    private long allowedUntil;

    /**
     * @param target mirror/target
     * @param most   how many entries one run may delete
     */
    public MaxDeleteGuard(String target, int most) {
        this(target, most, null);
    }

    /**
     * As {@link #MaxDeleteGuard(String, int)}.
     *
     * @param rules if the source is on another machine, the beginning of the names of files that each hold the rules for one run; else null
     */
    public MaxDeleteGuard(String target, int most, Path rules) {
        this.target = target;
        this.most = most;
        this.rules = rules;
    }

    private boolean isPulled() {
        return rules != null;
    }

    /** {@return whether a dry run has to count the deletions first} */
    public boolean isToCount(Exchange exchange) {
        return most < Integer.MAX_VALUE || isPulled() && (exchange.getProperty(BacklogEndpoint.TREES, false, Boolean.class)
                || exchange.getProperty(UNCOUNTED, false, Boolean.class) || exchange.getProperty(RECOUNT, false, Boolean.class));
    }

    /** Evaluates a dry run: sets the {@link BacklogEndpoint#OUTCOME} if it would delete too much. */
    public synchronized void count(Exchange exchange, @ExchangeProperty(BacklogEndpoint.LANE) String way,
            @ExchangeProperty(DryRunDeletionCounter.PROPERTY) DryRunDeletionCounter counted, @Header(ExecBinding.EXEC_EXIT_VALUE) int exit,
            @Header(ExecBinding.EXEC_STDERR) InputStream stderr) throws IOException {
        String said = stderr == null ? "" : new String(stderr.readAllBytes(), StandardCharsets.ISO_8859_1);
        RunOutcome outcome = ExitCodeTable.verdict(exit, said).outcome();
        long would = Objects.requireNonNull(counted, "the dry run needs binding: \"#countedRsyncBinding\"").deletions();
        // those of the pass before
        exchange.removeProperty(RULES);
        if (outcome != RunOutcome.ARRIVED && outcome != RunOutcome.PARTLY || would < 0) {
            // the run itself reports what is wrong, and stops at that number
            exchange.setProperty(PROPERTY, isPulled() ? 0 : most);
            if (fruitless(exchange) > MOST_FRUITLESS) {
                end(exchange, RunOutcome.AWAY, "what would be deleted can't be counted" + (said.isBlank() ? "" : ": " + said.strip()));
            }
            return;
        }
        counted.partly(outcome == RunOutcome.PARTLY);
        if (would > most && (would > allowed || SteadyClock.millis() > allowedUntil)) {
            wanted.put(way, would);
            String reason = would + " entries would be deleted, and max-delete = " + most + " allows no more; none is deleted until you say"
                    + " so. To list them: dromedary once --dry-run, with the same configuration. If they are meant: dromedary resume "
                    + target + ", or a higher max-delete with once; if not, bring the files back first";
            end(exchange, RunOutcome.HALTED, reason);
            exchange.setProperty(BacklogEndpoint.HALT, reason);
            exchange.setProperty(RunOutcomeClassifier.CAUSE, "more was to be deleted than max-delete allows");
            return;
        }
        exchange.setProperty(PROPERTY, Math.max(most, would));
        if (isPulled()) {
            exchange.setProperty(RULES, write(exchange.getFromRouteId(), counted));
        }
    }

    private static void end(Exchange exchange, RunOutcome outcome, String reason) {
        exchange.setProperty(BacklogEndpoint.OUTCOME, outcome.name().toLowerCase(Locale.ROOT));
        exchange.setProperty(BacklogEndpoint.REASON, reason);
    }

    // several routes of a target may run at the same time, each with one run
    private Path write(String route, DryRunDeletionCounter counted) throws IOException {
        Path file = rules.resolveSibling(rules.getFileName() + "." + route);
        StateFolder.write(file, FilterRules.onlyDeletable0(counted.names()));
        return file;
    }

    /**
     * Returns whether the deletions have to be counted (again) before the run is complete: it stopped at the number of its list, did not delete
     * all that was counted, or found less than half of the source, which may be gone.
     */
    public synchronized boolean isToRecount(Exchange exchange, @Header(ExecBinding.EXEC_EXIT_VALUE) int exit,
            @Header(ExecBinding.EXEC_STDERR) InputStream stderr) throws IOException {
        if (!isPulled()) {
            return false;
        }
        boolean recount = exchange.getProperty(RULES) == null ? isStoppedAtItsNumber(exchange, exit, stderr) : isUnfinished(exchange, exit);
        if (recount) {
            exchange.setProperty(RECOUNT, true);
        }
        return recount;
    }

    private boolean isStoppedAtItsNumber(Exchange exchange, int exit, InputStream stderr) throws IOException {
        Long limit = exchange.getProperty(PROPERTY, Long.class);
        if (limit == null || limit >= most) {
            return false;
        }
        String said = "";
        if (stderr != null) {
            stderr.mark(Integer.MAX_VALUE);
            said = new String(stderr.readAllBytes(), StandardCharsets.ISO_8859_1);
            stderr.reset();
        }
        boolean stopped = ExitCodeTable.isStoppedAtLimit(exit, said);
        if (stopped) {
            exchange.setProperty(FRUITLESS, fruitless(exchange) + 1);
        }
        return stopped;
    }

    private static int fruitless(Exchange exchange) {
        return exchange.getProperty(FRUITLESS, 0, Integer.class);
    }

    // bounded: each repetition but a few has deleted something
    private boolean isUnfinished(Exchange exchange, int exit) {
        DryRunDeletionCounter counted = exchange.getProperty(DryRunDeletionCounter.PROPERTY, DryRunDeletionCounter.class);
        RunOutputParser run = exchange.getProperty(RunOutputParser.PROPERTY, RunOutputParser.class);
        if (run == null || !WHOLE.contains(exit) && exit != PARTIAL) {
            return false;
        }
        RunStats seen = run.figures();
        boolean left = seen.deleted() < counted.deletions();
        if (left && seen.deleted() > 0) {
            allowed -= counted.deletions() > most ? seen.deleted() : 0;
            return true;
        }
        boolean doubtful = left || counted.isPartly() || seen.entries() < counted.files() / 2;
        if (doubtful && exit != PARTIAL && fruitless(exchange) < MOST_FRUITLESS) {
            exchange.setProperty(FRUITLESS, fruitless(exchange) + 1);
            return true;
        }
        return false;
    }

    /** Subtracts a run's deletions from the allowed number once the run has arrived. A run that was cut off may continue. */
    public synchronized void ended(@ExchangeProperty(PROPERTY) Long deleted,
            @ExchangeProperty(BacklogEndpoint.OUTCOME) String outcome) {
        if (deleted != null && deleted > most && RunOutcome.named(outcome) == RunOutcome.ARRIVED) {
            allowed -= deleted;
        }
    }

    /**
     * Called when a person allows the deletions. As many as were counted before the halt may be deleted, plus the number that is always
     * allowed, as some may have been added. The permission expires after an hour, in case the files have been restored.
     *
     * @return whether anything was counted
     */
    public synchronized boolean allow() {
        boolean counted = !wanted.isEmpty();
        if (counted) {
            allowed = wanted.values().stream().mapToLong(Long::longValue).sum() + most;
            allowedUntil = SteadyClock.millis() + ALLOWED_MILLIS;
            wanted.clear();
        }
        return counted;
    }
}
