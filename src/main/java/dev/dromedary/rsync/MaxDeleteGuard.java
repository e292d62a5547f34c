package dev.dromedary.rsync;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.clock.SteadyClock;
import org.apache.camel.Body;
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
 * deletions are made). So a pull may make exactly as many deletions as its list allows ({@link DeletionBudget}), or, if whole folders are
 * compared, as were counted while the source was known to be there. If it would make more, they are counted again.
 */
public final class MaxDeleteGuard {

    /** Property: how many deletions the next run may make. */
    static final String PROPERTY = "DromedaryMostDeletions";

    /** Property: whether the list does not tell how many deletions the run may make. */
    static final String UNCOUNTED = "DromedaryUncounted";

    private static final String RECOUNTS = "DromedaryRecounts";
    // what is deleted at a busy source between the count and the run: none, 16, 256, ..., and after that any number
    private static final int MOST_RECOUNTS = 5;
    private static final int RECOUNT_BITS = 4;

    private static final long ALLOWED_MILLIS = TimeUnit.HOURS.toMillis(1);

    private final String target;
    private final int most;
    private final boolean pulled;
    private final Map<String, Long> wanted = new HashMap<>();
    private long allowed;
    private long allowedUntil;

    /**
     * @param target mirror/target
     * @param most   how many entries one run may delete
     */
    public MaxDeleteGuard(String target, int most) {
        this(target, most, false);
    }

    /** As {@link #MaxDeleteGuard(String, int)}. {@code pulled} says whether the source is on another machine. */
    public MaxDeleteGuard(String target, int most, boolean pulled) {
        this.target = target;
        this.most = most;
        this.pulled = pulled;
    }

    /** {@return whether a dry run has to count the deletions first} */
    public boolean isToCount(Exchange exchange) {
        return most < Integer.MAX_VALUE || pulled && (exchange.getProperty(BacklogEndpoint.TREES, false, Boolean.class)
                || exchange.getProperty(UNCOUNTED, false, Boolean.class) || exchange.getProperty(RECOUNTS, 0, Integer.class) > 0);
    }

    /** Evaluates a dry run: sets the {@link BacklogEndpoint#OUTCOME} if it would delete too much. */
    public synchronized void count(Exchange exchange, @ExchangeProperty(BacklogEndpoint.LANE) String way, @Body String stats,
            @Header(ExecBinding.EXEC_EXIT_VALUE) int exit, @Header(ExecBinding.EXEC_STDERR) InputStream stderr) throws IOException {
        String said = stderr == null ? "" : new String(stderr.readAllBytes(), StandardCharsets.ISO_8859_1);
        RunOutcome outcome = ExitCodeTable.verdict(exit, said).outcome();
        long would = DryRunDeletionCounter.in(stats == null ? "" : stats);
        if (outcome != RunOutcome.ARRIVED && outcome != RunOutcome.PARTLY || would < 0) {
            // the run itself reports what is wrong, and stops at that number
            exchange.setProperty(PROPERTY, pulled ? 0 : most);
            return;
        }
        if (would > most && (would > allowed || SteadyClock.millis() > allowedUntil)) {
            wanted.put(way, would);
            String reason = would + " entries would be deleted, and max-delete = " + most + " allows no more; none is deleted until you say"
                    + " so. To list them: dromedary once --dry-run, with the same configuration. If they are meant: dromedary resume "
                    + target + ", or a higher max-delete with once; if not, bring the files back first";
            exchange.setProperty(BacklogEndpoint.OUTCOME, RunOutcome.HALTED.name().toLowerCase(Locale.ROOT));
            exchange.setProperty(BacklogEndpoint.REASON, reason);
            exchange.setProperty(BacklogEndpoint.HALT, reason);
            exchange.setProperty(RunOutcomeClassifier.CAUSE, "more was to be deleted than max-delete allows");
            return;
        }
        exchange.setProperty(PROPERTY, pulled ? Math.min(Math.max(most, would), would + slack(exchange)) : Math.max(most, would));
    }

    private static long slack(Exchange exchange) {
        int recounts = exchange.getProperty(RECOUNTS, 0, Integer.class);
        return recounts == 0 ? 0 : recounts >= MOST_RECOUNTS ? Integer.MAX_VALUE : 1L << RECOUNT_BITS * recounts;
    }

    /**
     * {@return whether a run stopped at the counted number, so that the deletions have to be counted again} More may have been deleted at the
     * source meanwhile, or the source is gone.
     */
    public boolean isToRecount(Exchange exchange, @Header(ExecBinding.EXEC_EXIT_VALUE) int exit,
            @Header(ExecBinding.EXEC_STDERR) InputStream stderr) throws IOException {
        Long limit = exchange.getProperty(PROPERTY, Long.class);
        int recounts = exchange.getProperty(RECOUNTS, 0, Integer.class);
        if (limit == null || limit >= most || recounts >= MOST_RECOUNTS || !pulled) {
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
            exchange.setProperty(RECOUNTS, recounts + 1);
        }
        return stopped;
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
