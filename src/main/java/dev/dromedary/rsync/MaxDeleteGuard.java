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
 * What {@code max-delete} stands for: each run that may delete is tried before with {@code --dry-run}, and where it would delete more,
 * nothing is carried and the target halts. rsync's own {@code --max-delete} deletes that many first, and each further attempt as many
 * again. Safe for use by several threads.
 */
public final class MaxDeleteGuard {

    /** Property: how many deletions the run that follows may make. */
    static final String PROPERTY = "DromedaryMostDeletions";

    private static final long ALLOWED_MILLIS = TimeUnit.HOURS.toMillis(1);

    private final String target;
    private final int most;
    private final Map<String, Long> wanted = new HashMap<>();
    private long allowed;
    private long allowedUntil;

    /**
     * @param target mirror/target
     * @param most   how many entries one run may delete
     */
    public MaxDeleteGuard(String target, int most) {
        this.target = target;
        this.most = most;
    }

    /** Judges a run that changed nothing: it sets the {@link BacklogEndpoint#OUTCOME} if it would delete too much. */
    public synchronized void count(Exchange exchange, @ExchangeProperty(BacklogEndpoint.LANE) String way, @Body String stats,
            @Header(ExecBinding.EXEC_EXIT_VALUE) int exit, @Header(ExecBinding.EXEC_STDERR) InputStream stderr) throws IOException {
        String said = stderr == null ? "" : new String(stderr.readAllBytes(), StandardCharsets.ISO_8859_1);
        RunOutcome outcome = ExitCodeTable.verdict(exit, said).outcome();
        long would = DryRunDeletionCounter.in(stats == null ? "" : stats);
        if (outcome != RunOutcome.ARRIVED && outcome != RunOutcome.PARTLY || would < 0) {
            // the run itself says what is wrong, and stops at that number
            exchange.setProperty(PROPERTY, most);
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
        exchange.setProperty(PROPERTY, Math.max(most, would));
    }

    /** Takes what a run has deleted from what was allowed, once it has arrived: one that was cut off is to go on. */
    public synchronized void ended(@ExchangeProperty(PROPERTY) Long deleted,
            @ExchangeProperty(BacklogEndpoint.OUTCOME) String outcome) {
        if (deleted != null && deleted > most && RunOutcome.named(outcome) == RunOutcome.ARRIVED) {
            allowed -= deleted;
        }
    }

    /**
     * A person has said that as many as were counted before the halt may be deleted, and as many as may always be besides: some may
     * have come to it. That is forgotten after an hour, should the files have been brought back.
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
