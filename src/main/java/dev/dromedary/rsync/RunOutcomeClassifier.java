package dev.dromedary.rsync;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.FileTime;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.source.SourceGuard;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.component.exec.ExecBinding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what a run of rsync has brought, by its exit code and by its words ({@link ExitCodeTable}), and what of it is still
 * owed ({@link FailedPathParser}). The outcome and the reason become properties of the exchange.
 */
public final class RunOutcomeClassifier {

    /** Property that is set with {@link BacklogEndpoint#REASON}: the same without what is special about this run. */
    public static final String CAUSE = "DromedaryCause";

    // runs that came to their own end, and so have tidied up
    private static final Set<Integer> WHOLE = Set.of(0, 1, 2, 3, 4, 5, 23, ExitCodeTable.VANISHED, ExitCodeTable.TOO_MANY_DELETIONS);

    // a file system's times go by a clock of 1 to 4 ms
    private static final Set<Integer> TIMEOUTS = Set.of(30, 35);
    private static final long TICK_MILLIS = 10;
    private static final int MOST_EXCUSED = 10_000;
    // no path
    private static final String ALL = "/";

    private static final Logger LOG = LoggerFactory.getLogger(RunOutcomeClassifier.class);

    private static final Pattern SWAPPED = Pattern.compile("^rsync: \\[sender\\].*" + FailedPathParser.SWAPPED.pattern()
            + "|^ABORTING due to invalid path from sender", Pattern.MULTILINE);

    private final SourceGuard source;
    private final String there;
    private final ReceiverState receiver;
    private final OverlongPaths tooLong;
    private final boolean pulls;
    // what has failed and was not called a failure, as it had changed meanwhile
    private final Set<String> excused = ConcurrentHashMap.newKeySet();

    /**
     * @param source   the folder here, whose paths rsync names
     * @param there    the target's top with a slash behind, as rsync there names it
     * @param receiver learns from each run
     * @param tooLong  counts those that are too long
     * @param pulls    whether it is the receiver that is here
     */
    public RunOutcomeClassifier(SourceGuard source, String there, ReceiverState receiver, OverlongPaths tooLong, boolean pulls) {
        this.source = source;
        this.there = there;
        this.receiver = receiver;
        this.tooLong = tooLong;
        this.pulls = pulls;
    }

    /**
     * Judges a run. Of {@link BacklogEndpoint} it sets {@code OUTCOME}, {@code REASON}, {@code PARKED}, {@code AGAIN},
     * {@code HALT} and {@code CUT_OFF}; and no outcome, if the same is to be listed and carried once more, as this run has shown
     * something that the receiver can't do.
     *
     * @param owed    what was listed
     * @param folders through which the list goes; null where one pulls
     * @throws RsyncException if the target is away and that may pass in a moment, so that a retry makes sense
     */
    public void judge(Exchange exchange, @ExchangeProperty(BacklogEndpoint.PENDING) ChangeSet pending,
            @ExchangeProperty(BacklogEndpoint.FOLDERS) Set<String> folders) throws RsyncException, IOException {
        judge(exchange, pending, folders, true);
    }

    /**
     * Judges a run that was not begun, as the one that prepares it failed: whatever that one names, nothing has arrived.
     *
     * @see #judge(Exchange, ChangeSet, Set)
     */
    public void notBegun(Exchange exchange, @ExchangeProperty(BacklogEndpoint.PENDING) ChangeSet pending) throws RsyncException, IOException {
        judge(exchange, pending, Set.of(), false);
    }

    private void judge(Exchange exchange, ChangeSet pending, Set<String> folders, boolean begun) throws RsyncException, IOException {
        int exit = exchange.getIn().getHeader(ExecBinding.EXEC_EXIT_VALUE, Integer.class);
        String said = said(exchange.getIn().getHeader(ExecBinding.EXEC_STDERR, InputStream.class));
        if (begun && learns(exchange, pending, exit, said)) {
            return;
        }
        // whatever the run that prepares it names, nothing of this has arrived
        FailedPathParser named = FailedPathParser.in(begun ? pending : new ChangeSet(), new FailedPathParser.Place(source.realPath(), there, this::isThere), said, pulls);
        for (int i = 0; i < named.tooLong(); i++) {
            tooLong.add();
        }
        boolean nothing = named.failed().isEmpty() && (isBulk(exchange) || named.vanished().isEmpty() && named.compared().isEmpty()
                && !named.settled());
        ChangeSet parked = exit == 23 && (!begun || !named.understood() || nothing) ? pending : named.failed();
        ChangeSet meanwhile = exit == 23 && begun && !pulls && !isBulk(exchange) ? changed(parked, named.understood(), exchange)
                : new ChangeSet();
        parked = parked.without(meanwhile);
        ChangeSet again = isAstray(folders, said) ? ChangeSet.ofWholeTree() : again(named, pending, exit, exchange);
        if (!meanwhile.isEmpty()) {
            again = meanwhile.merge(again);
        }
        ExitDiagnosis verdict = verdict(exit, said, parked);
        exchange.setProperty(BacklogEndpoint.OUTCOME, verdict.outcome().name().toLowerCase(Locale.ROOT));
        RunOutputParser figures = exchange.getProperty(RunOutputParser.PROPERTY, RunOutputParser.class);
        exchange.setProperty(BacklogEndpoint.CUT_OFF, !WHOLE.contains(exit) || figures != null && figures.wasCutOff());
        ChangeSet compared = exchange.getProperty(BacklogEndpoint.COMPARED, ChangeSet.class);
        exchange.setProperty(BacklogEndpoint.COMPARED, compared == null ? named.compared() : compared.merge(named.compared()));
        ChangeSet beside = verdict.outcome() == RunOutcome.FULL && isBulk(exchange) && !pulls ? BlockedSiblings.of(source.path(), pending, parked)
                : new ChangeSet();
        if (!beside.isEmpty()) {
            // the tree would end at the same file again, so that waits, and all around it goes
            parked = pending;
            again = beside;
        }
        ChangeSet instead = exchange.getProperty(BacklogEndpoint.INSTEAD, ChangeSet.class);
        exchange.setProperty(BacklogEndpoint.AGAIN, anew(again, instead, exchange.getProperty(BacklogEndpoint.MOVED, ChangeSet.class)));
        exchange.setProperty(BacklogEndpoint.PARKED, parked);
        if (pulls && begun && figures != null) {
            exchange.setProperty(BacklogEndpoint.LARGE, passedOver(figures, pending));
        }
        if (verdict.outcome() == RunOutcome.ARRIVED) {
            return;
        }
        String reason = verdict.reason(exit, said);
        exchange.setProperty(BacklogEndpoint.REASON, reason);
        exchange.setProperty(CAUSE, verdict.cause());
        if (verdict.outcome() == RunOutcome.HALTED && exit != ExitCodeTable.NOT_ENTERED) {
            // each further attempt would delete as many again
            exchange.setProperty(BacklogEndpoint.HALT, reason);
        }
        // who did not answer for so long is not tried at once again
        if (verdict.outcome() == RunOutcome.AWAY && !pending.isEmpty() && !TIMEOUTS.contains(exit)
                && !exchange.getProperty(BacklogEndpoint.REPLAY, false, Boolean.class)) {
            throw new RsyncException(reason);
        }
    }

    // where one pushes they are known beforehand
    private static ChangeSet passedOver(RunOutputParser figures, ChangeSet pending) {
        ChangeSet large = new ChangeSet();
        figures.passedOver().stream().filter(RawPath::isBelowRoot).forEach(path -> large.add(path, Extent.ENTRY, pending.since()));
        return large;
    }

    // a set of its own: the run has its letters, and may be saved meanwhile
    private static ChangeSet anew(ChangeSet... parts) {
        ChangeSet anew = new ChangeSet();
        for (ChangeSet part : parts) {
            if (part != null) {
                part.forEach((path, extent) -> anew.add(path, extent, part.since()));
                anew.byContent(anew.isByContent() || part.isByContent());
            }
        }
        return anew;
    }

    // a file that is written while it is sent fails its verification at every receiver
    private boolean learns(Exchange exchange, ChangeSet pending, int exit, String said) {
        ReceiverCapabilities asked = exchange.getProperty(ReceiverState.PROPERTY, ReceiverCapabilities.class);
        return asked != null && (asked.after(exit, said).keepsParts() == asked.keepsParts() || !isAnyChanged(pending, listed(exchange)))
                && receiver.learns(asked, exit, said);
    }

    private static long listed(Exchange exchange) {
        return exchange.getProperty(BacklogEndpoint.LISTED, Long.MAX_VALUE, Long.class);
    }

    private boolean isAnyChanged(ChangeSet set, long listed) {
        boolean[] any = new boolean[1];
        set.forEach((path, extent) -> any[0] = any[0] || changedSince(path, listed));
        return any[0];
    }

    private ExitDiagnosis verdict(int exit, String said, ChangeSet parked) {
        ExitDiagnosis verdict = pulls ? ExitCodeTable.ofPull(exit, said) : ExitCodeTable.verdict(exit, said);
        // nothing is wrong if all that rsync complains of is that the source changed under its hands
        return verdict.outcome() == RunOutcome.PARTLY && parked.isEmpty() ? ExitCodeTable.verdict(ExitCodeTable.VANISHED, said) : verdict;
    }

    // what failed as it was another thing by the time that rsync came to it; all of a run, if it is not known what failed. Once in a
    // row: what fails for a reason of its own, too, may change all the time
    private ChangeSet changed(ChangeSet failed, boolean known, Exchange exchange) {
        long listed = listed(exchange);
        ChangeSet changed = new ChangeSet();
        boolean all = !known && isAnyChanged(failed, listed) && isFirstTime(ALL);
        failed.forEach((path, extent) -> {
            if (all || known && changedSince(path, listed) && isFirstTime(path)) {
                changed.add(path, extent, failed.since());
            }
        });
        return changed;
    }

    private boolean isFirstTime(String path) {
        if (excused.size() > MOST_EXCUSED) {
            excused.clear();
        }
        return excused.add(path) || !excused.remove(path);
    }

    // of what is gone, the folder that it was in
    private boolean changedSince(String path, long listed) {
        for (String each = path;; each = RawPath.parent(each)) {
            try {
                FileTime changed = (FileTime) Files.getAttribute(RawPath.toPath(source.path(), each), "unix:ctime",
                        LinkOption.NOFOLLOW_LINKS);
                return changed.toMillis() >= listed - TICK_MILLIS && changed.toMillis() <= System.currentTimeMillis() + TICK_MILLIS;
            } catch (IOException e) {
                if (each.isEmpty()) {
                    return false;
                }
            }
        }
    }

    // rsync goes through a folder that has become a link since it was listed, and brings what lies behind it, maybe to the
    // place that a link at the target leads to
    private boolean isAstray(Set<String> folders, String said) {
        boolean astray = SWAPPED.matcher(said).find()
                || !pulls && folders.stream().anyMatch(folder -> Files.isSymbolicLink(RawPath.toPath(source.path(), folder)));
        if (astray) {
            LOG.info("A folder of {} was replaced by a link or a file while rsync read it: the whole tree is compared",
                    source.path());
        }
        return astray;
    }

    // of a large tree the watch tells what vanished while it was read; but where one pulls, the list may go through what is gone
    private ChangeSet again(FailedPathParser named, ChangeSet pending, int exit, Exchange exchange) {
        if (isBulk(exchange)) {
            return pulls ? named.vanished() : null;
        }
        return exit == ExitCodeTable.VANISHED && named.vanished().isEmpty() ? pending : named.vanished();
    }

    private boolean isThere(String path) {
        return !pulls && Files.exists(RawPath.toPath(source.path(), path), LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isBulk(Exchange exchange) {
        return exchange.getProperty(BacklogEndpoint.TREES, false, Boolean.class);
    }

    private static String said(InputStream stderr) throws IOException {
        return stderr == null ? "" : new String(stderr.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
