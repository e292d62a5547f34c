package dev.dromedary.rsync;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.backlog.TransferClass;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.config.ChangeLimit;
import dev.dromedary.source.SourceTreeWalk;
import dev.dromedary.state.StateFolder;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.component.exec.ExecBinding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enforces {@code max-change}. If more than that is pending, a dry run counts what would be created, changed and deleted. If the number
 * exceeds the limit, nothing is sent, and the target halts until a person has approved it. Whole trees are counted each time, everything
 * else only if there are more pending paths than may change. Changes that fail repeatedly, in parts, are counted together.
 *
 * <p>An approval is remembered over a restart. It is valid for the counted number of changes plus the number that is always allowed. Safe
 * for use by several threads.
 */
public final class MaxChangeGuard {

    /** Property: the lane on which the counted run would be made. */
    static final String AS = "DromedaryAskedAs";

    private static final String ITEMIZED = "DromedaryCount";
    private static final Set<TransferClass> ALL_BUT_TREES = EnumSet.complementOf(EnumSet.of(TransferClass.BULK));
    private static final Set<TransferClass> LARGE = EnumSet.of(TransferClass.LARGE, TransferClass.LARGE_ATTRIBUTES);
    private static final Set<TransferClass> TREES_AND_LARGE = EnumSet.of(TransferClass.BULK, TransferClass.LARGE, TransferClass.LARGE_ATTRIBUTES);
    // each takes some hundred bytes for as long as the target is held
    private static final int MOST_NAMED = 100_000;
    private static final String TREE_IS_THERE = "the tree is there\n";
    private static final Duration APPROVED_FOR = Duration.ofHours(24);

    private static final Logger LOG = LoggerFactory.getLogger(MaxChangeGuard.class);

    /**
     * A path that would change.
     *
     * @param path escaped, safe to display
     * @param what created, changed or deleted
     */
    public record Change(String path, String what) {
    }

    /**
     * The changes that are held until a person has decided.
     *
     * @param changes how many entries would change
     * @param deleted how many of them would be deleted
     * @param some    the first of them, a hundred thousand at most
     */
    public record Held(long changes, long deleted, List<Change> some) {

        /** Keeps a copy. */
        public Held {
            some = List.copyOf(some);
        }
    }

    private final String target;
    private final ChangeLimit limit;
    private final SourceTreeWalk walk;
    private final ReceiverState receiver;
    private final Path approval;
    private final Path filling;
    private long known = -1;
    private Held held;
    private long most;

    /**
     * @param target   mirror/target
     * @param limit    how much one run may change
     * @param walk     counts the source where the limit is a share of it and no whole tree was counted yet
     * @param receiver records what the rsync at the target can't do
     * @param stateDir the folder in which approvals are remembered
     */
    public MaxChangeGuard(String target, ChangeLimit limit, SourceTreeWalk walk, ReceiverState receiver, Path stateDir) {
        this.target = target;
        this.limit = limit;
        this.walk = walk;
        this.receiver = receiver;
        this.approval = stateDir.resolve("approved").resolve(target);
        this.filling = stateDir.resolve("filling").resolve(target);
    }

    /**
     * {@return whether the pending changes have to be counted before any is sent} If so, {@link DryRunChangeCounter#ASKED} and {@link #AS}
     * are set.
     */
    public boolean isToCount(@Body ChangeSet pending, @ExchangeProperty(BacklogEndpoint.TREES) boolean trees,
            @ExchangeProperty(BacklogEndpoint.LANE) String way, Exchange exchange) {
        Backlog backlog = backlog(exchange);
        if (pending.isEmpty() || isFilling(backlog, trees)) {
            return false;
        }
        ChangeSet all = pending;
        if (!trees) {
            // another run may have the same paths and end just now; a compared folder stands for everything in it
            if (!hasFolders(pending) && Math.max(pending.size(), backlog.size(ALL_BUT_TREES)) <= limit.of(total())) {
                return false;
            }
            all = backlog.all(ALL_BUT_TREES).merge(pending);
        }
        exchange.setProperty(DryRunChangeCounter.ASKED, all);
        exchange.setProperty(AS, trees ? way : "live");
        return true;
    }

    private Backlog backlog(Exchange exchange) {
        return exchange.getContext().getRegistry().lookupByNameAndType(target, Backlog.class);
    }

    private boolean isTreeThere() throws IOException {
        return Files.readString(filling).equals(TREE_IS_THERE);
    }

    private static boolean hasFolders(ChangeSet pending) {
        boolean[] folders = new boolean[1];
        pending.forEach((path, extent) -> folders[0] |= extent == Extent.LEVEL);
        return folders[0];
    }

    // including its large files, which the whole tree enqueues and which come after it
    private synchronized boolean isFilling(Backlog backlog, boolean trees) {
        if (Files.notExists(filling, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            if (!isTreeThere() || backlog.size(trees ? LARGE : TREES_AND_LARGE) > 0) {
                return true;
            }
            Files.deleteIfExists(filling);
        } catch (IOException e) {
            LOG.warn("{}: {} can't be read and removed ({}): what would change is counted all the same", target, filling, e.toString());
        }
        return false;
    }

    private long total() {
        if (!limit.isShare()) {
            return 0;
        }
        synchronized (this) {
            if (known >= 0) {
                return known;
            }
        }
        long[] count = new long[1];
        walk.from("", Integer.MAX_VALUE, (path, attributes) -> count[0]++, path -> count[0]++);
        synchronized (this) {
            known = known < 0 ? Math.max(0, count[0] - 1) : known;
            return known;
        }
    }

    /** Prepares a counting run, and returns the changes to list. */
    public ChangeSet begin(@ExchangeProperty(DryRunChangeCounter.ASKED) ChangeSet all, Exchange exchange) {
        List<Change> some = new ArrayList<>();
        DryRunChangeCounter count = new DryRunChangeCounter((what, path) -> {
            if (what != DryRunChangeCounter.What.ATTRIBUTES && what != DryRunChangeCounter.What.FOLDER_TIME && some.size() < MOST_NAMED) {
                some.add(new Change(RawPath.escape(path), what.name().toLowerCase(Locale.ROOT)));
            }
        });
        exchange.setProperty(DryRunChangeCounter.PROPERTY, count);
        exchange.setProperty(ITEMIZED, new Count(count, some));
        return all;
    }

    private record Count(DryRunChangeCounter changes, List<Change> some) {
    }

    /**
     * Evaluates a counting run. Sets the {@link BacklogEndpoint#OUTCOME} if the run would change too much, or could not be made. Removes
     * {@link DryRunChangeCounter#ASKED}, unless the count has to be repeated because the receiver has shown that it can't do something.
     */
    public void end(Exchange exchange, @ExchangeProperty(DryRunChangeCounter.ASKED) ChangeSet all, @ExchangeProperty(ITEMIZED) Count count,
            @Header(ExecBinding.EXEC_EXIT_VALUE) int exit, @Header(ExecBinding.EXEC_STDERR) InputStream stderr) throws IOException {
        String said = stderr == null ? "" : new String(stderr.readAllBytes(), StandardCharsets.ISO_8859_1);
        ReceiverCapabilities asked = exchange.getProperty(ReceiverState.PROPERTY, ReceiverCapabilities.class);
        if (asked != null && receiver.learns(asked, exit, said)) {
            return;
        }
        exchange.removeProperty(DryRunChangeCounter.ASKED);
        // it belongs to the counted list
        exchange.removeProperty(BacklogEndpoint.COMPARED);
        ExitDiagnosis verdict = ExitCodeTable.verdict(exit, said);
        if (verdict.outcome() != RunOutcome.ARRIVED && verdict.outcome() != RunOutcome.PARTLY) {
            // what could not be counted is not sent
            set(exchange, verdict.outcome(), verdict.reason(exit, said), "what would change could not be counted");
            return;
        }
        judge(exchange, all.isWholeTree(), count);
    }

    private synchronized void judge(Exchange exchange, boolean whole, Count count) throws IOException {
        DryRunChangeCounter changes = count.changes;
        if (whole) {
            known = Math.max(changes.there(), Math.max(0, changes.entries() - 1));
            if (changes.there() == 0) {
                // an empty target is filled, however often that is interrupted
                StateFolder.make(filling.getParent());
                StateFolder.write(filling, "");
                return;
            }
        }
        most = limit.of(whole ? changes.there() : total());
        if (changes.all() <= most || changes.all() <= approved()) {
            return;
        }
        if (held == null || held.changes < changes.all()) {
            held = new Held(changes.all(), changes.deleted(), count.some);
        }
        String reason = String.format(Locale.ROOT, "held: %,d files would change, %,d of them are deleted; approve or discard. max-change ="
                + " %s allows %,d at once. Which they are: dromedary pending %s", changes.all(), changes.deleted(), limit, most, target);
        set(exchange, RunOutcome.HALTED, reason, "more would change than max-change allows");
        exchange.setProperty(BacklogEndpoint.HALT, reason);
        exchange.setProperty(BacklogEndpoint.HALTED_BY, BacklogEndpoint.BY_CHANGE);
    }

    private static void set(Exchange exchange, RunOutcome outcome, String reason, String cause) {
        exchange.setProperty(BacklogEndpoint.OUTCOME, outcome.name().toLowerCase(Locale.ROOT));
        exchange.setProperty(BacklogEndpoint.REASON, reason);
        exchange.setProperty(RunOutcomeClassifier.CAUSE, cause);
    }

    /**
     * Subtracts what a run has sent and deleted from the approved number. Once an empty target has been filled, its changes are counted.
     */
    public synchronized void arrived(@Body ChangeSet pending, @ExchangeProperty(RunOutputParser.PROPERTY) RunOutputParser run, Exchange exchange)
            throws IOException {
        if (Files.exists(filling, LinkOption.NOFOLLOW_LINKS)) {
            if (pending.isWholeTree()) {
                StateFolder.write(filling, TREE_IS_THERE);
            } else if (isTreeThere() && exchange.getProperty(BacklogEndpoint.LANE, "", String.class).startsWith("large")
                    && backlog(exchange).size(TREES_AND_LARGE) <= pending.size()) {
                // that was the last large file
                Files.deleteIfExists(filling);
            }
        }
        long approved = approved();
        if (approved > 0 && run != null) {
            RunStats brought = run.figures();
            approve(approved - brought.files() - brought.deleted());
        }
    }

    /** {@return the held changes; empty if there are none} */
    public synchronized Optional<Held> held() {
        return Optional.ofNullable(held);
    }

    /** Approves the held changes plus the number that is always allowed, and returns whether something was held. */
    public synchronized boolean approve() throws IOException {
        if (held == null) {
            return false;
        }
        approve(held.changes + most);
        LOG.warn("{}: approved by hand: {} changes, {} of them deletions", target, held.changes, held.deleted);
        held = null;
        return true;
    }

    /** Makes the held changes be counted again. */
    public synchronized void recount() {
        held = null;
    }

    // no more than the limit needs no approval
    private void approve(long changes) throws IOException {
        if (changes <= most) {
            Files.deleteIfExists(approval);
        } else {
            StateFolder.make(approval.getParent());
            StateFolder.write(approval, changes + " " + Instant.now().plus(APPROVED_FOR) + "\n");
        }
    }

    // 0 if nothing is approved
    private long approved() {
        try {
            String[] words = Files.readString(approval).strip().split(" ");
            return Instant.now().isBefore(Instant.parse(words[1])) ? Long.parseLong(words[0]) : 0;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException | DateTimeException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            LOG.warn("{}: what was approved, in {}, can't be read ({}): it has to be approved again", target, approval, e.toString());
            return 0;
        }
    }
}
