package dev.dromedary.rsync;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.component.exec.ExecBinding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the differing and missing paths after a run where some paths travel last. Such a run skips these paths in whole folders and deletes
 * nothing. A dry run afterwards reports which of them differ and what has to be deleted, and these are enqueued by name.
 */
public final class LastPhaseDryRun {

    private static final String ANSWER = "DromedaryLater";

    private static final Logger LOG = LoggerFactory.getLogger(LastPhaseDryRun.class);

    private record Answer(DryRunChangeCounter changes, ChangeSet gone, ChangeSet follow, ChangeSet compared) {
    }

    private final String target;
    private final Path source;
    private final Predicate<String> last;
    private final Predicate<Boolean> deleted;
    private final ReceiverState receiver;
    private final AtomicLong foundGone = new AtomicLong();

    /**
     * @param target   mirror/target
     * @param source   the local folder
     * @param last     matches the paths that travel last
     * @param deleted  whether missing paths have to be deleted at all; its argument tells whether the run is of a whole tree
     * @param receiver records what the rsync at the target can't do
     */
    public LastPhaseDryRun(String target, Path source, Predicate<String> last, Predicate<Boolean> deleted, ReceiverState receiver) {
        this.target = target;
        this.source = source;
        this.last = last;
        this.deleted = deleted;
        this.receiver = receiver;
    }

    /** Returns how many listed paths were gone after their run. The number only grows. Thread-safe. */
    public long foundGone() {
        return foundGone.get();
    }

    /**
     * Notes what was deleted during a run, as rsync may have skipped it silently. Returns whether the run went through folders, so that a
     * dry run is needed; then {@link DryRunChangeCounter#ASKED} is set.
     */
    public boolean isToAsk(@ExchangeProperty(BacklogEndpoint.PENDING) ChangeSet pending,
            @ExchangeProperty(BacklogEndpoint.TREES) boolean trees, Exchange exchange) {
        boolean[] folders = new boolean[1];
        ChangeSet known = exchange.getProperty(BacklogEndpoint.GONE, ChangeSet.class);
        ChangeSet gone = known == null ? new ChangeSet() : known;
        pending.forEach((path, extent) -> {
            folders[0] |= extent.compareTo(Extent.ENTRY) > 0;
            if (Files.notExists(RawPath.toPath(source, path), LinkOption.NOFOLLOW_LINKS)) {
                foundGone.incrementAndGet();
                if (deleted.test(trees)) {
                    gone.add(path, Extent.ENTRY, pending.since());
                }
            }
        });
        exchange.setProperty(BacklogEndpoint.GONE, gone);
        if (folders[0]) {
            exchange.setProperty(DryRunChangeCounter.ASKED, pending);
        }
        return folders[0];
    }

    /** Prepares the dry run, and returns the changes to list. */
    public ChangeSet begin(@ExchangeProperty(DryRunChangeCounter.ASKED) ChangeSet pending, Exchange exchange) {
        ChangeSet gone = new ChangeSet();
        ChangeSet follow = new ChangeSet();
        DryRunChangeCounter changes = new DryRunChangeCounter((what, path) -> {
            if (what == DryRunChangeCounter.What.DELETED) {
                gone.add(path, Extent.ENTRY, pending.since());
            } else if (last.test(path)) {
                follow.add(path, Extent.ENTRY, pending.since());
            }
        });
        exchange.setProperty(DryRunChangeCounter.PROPERTY, changes);
        exchange.setProperty(ANSWER, new Answer(changes, gone, follow, exchange.getProperty(BacklogEndpoint.COMPARED, ChangeSet.class)));
        return pending;
    }

    /**
     * Evaluates the dry run. Sets {@code GONE} and {@code LAST} of {@link BacklogEndpoint}, and {@code OUTCOME} if the result is unknown.
     * Removes {@link DryRunChangeCounter#ASKED}, unless the dry run has to be repeated.
     */
    public void end(Exchange exchange, @ExchangeProperty(ANSWER) Answer answer, @Header(ExecBinding.EXEC_EXIT_VALUE) int exit,
            @Header(ExecBinding.EXEC_STDERR) InputStream stderr) throws IOException {
        String said = stderr == null ? "" : new String(stderr.readAllBytes(), StandardCharsets.ISO_8859_1);
        // making the list has set another one
        exchange.setProperty(BacklogEndpoint.COMPARED, answer.compared);
        ReceiverCapabilities asked = exchange.getProperty(ReceiverState.PROPERTY, ReceiverCapabilities.class);
        if (asked != null && receiver.learns(asked, exit, said)) {
            return;
        }
        exchange.removeProperty(DryRunChangeCounter.ASKED);
        ExitDiagnosis verdict = ExitCodeTable.verdict(exit, said);
        if (verdict.outcome() != RunOutcome.ARRIVED && verdict.outcome() != RunOutcome.PARTLY) {
            exchange.setProperty(BacklogEndpoint.OUTCOME, verdict.outcome().name().toLowerCase(Locale.ROOT));
            exchange.setProperty(BacklogEndpoint.REASON, verdict.reason(exit, said));
            exchange.setProperty(RunOutcomeClassifier.CAUSE, verdict.cause());
            return;
        }
        if (answer.gone.isEmpty() && answer.changes.deleted() > 0) {
            LOG.warn("{}: the rsync there does not name what it would delete ({} entries): with \"last\" it stays there. Behind a daemon, leave out"
                    + " \"max verbosity = 0\"", target, answer.changes.deleted());
        }
        ChangeSet known = exchange.getProperty(BacklogEndpoint.GONE, ChangeSet.class);
        exchange.setProperty(BacklogEndpoint.GONE, known == null ? answer.gone : answer.gone.merge(known));
        exchange.setProperty(BacklogEndpoint.LAST, answer.follow);
    }
}
