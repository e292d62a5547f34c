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
 * Decides by exit code and messages what a run of rsync has transferred ({@link ExitCodeTable}), and what is still pending
 * ({@link FailedPathParser}). The outcome and the reason become properties of the exchange.
 */
public final class RunOutcomeClassifier {

    /** Property that is set with {@link BacklogEndpoint#REASON}: the reason without the details of this run. */
    public static final String CAUSE = "DromedaryCause";

    // exit codes of runs that ended by themselves, and so have cleaned up
    private static final Set<Integer> WHOLE = Set.of(0, 1, 2, 3, 4, 5, 23, ExitCodeTable.VANISHED, ExitCodeTable.TOO_MANY_DELETIONS);

    private static final Set<Integer> TIMEOUTS = Set.of(30, 35);
    // the clock behind file system timestamps ticks every 1 to 4 ms
    private static final long TICK_MILLIS = 10;
    private static final int MOST_EXCUSED = 10_000;
    // stands for a whole run; it is not a path
    private static final String ALL = "/";

    private static final Logger LOG = LoggerFactory.getLogger(RunOutcomeClassifier.class);

    private static final Pattern SWAPPED = Pattern.compile("^rsync: \\[sender\\].*" + FailedPathParser.SWAPPED.pattern()
            + "|^ABORTING due to invalid path from sender", Pattern.MULTILINE);

    private final SourceGuard source;
    private final String there;
    private final ReceiverState receiver;
    private final OverlongPaths tooLong;
    private final boolean pulls;
    // paths that have failed and were not treated as failures, as they had changed meanwhile
    private final Set<String> excused = ConcurrentHashMap.newKeySet();

    /**
     * @param source   the local folder that rsync's paths are relative to
     * @param there    the target's top with a trailing slash, as rsync names it there
     * @param receiver learns from each run
     * @param tooLong  counts the paths that are too long
     * @param pulls    whether the receiver is on this side
     */
    public RunOutcomeClassifier(SourceGuard source, String there, ReceiverState receiver, OverlongPaths tooLong, boolean pulls) {
        this.source = source;
        this.there = there;
        this.receiver = receiver;
        this.tooLong = tooLong;
        this.pulls = pulls;
    }

    /**
     * Classifies a run. It sets {@code OUTCOME}, {@code REASON}, {@code PARKED}, {@code AGAIN}, {@code HALT} and {@code CUT_OFF} of
     * {@link BacklogEndpoint}. It sets no outcome if the run has shown that the receiver can't do something, so that the same paths have to be
     * listed and sent once more.
     *
     * @param pending what was listed
     * @param folders the folders that the list goes through; null for a pull
     * @throws RsyncException if the target is unreachable, possibly only for a moment, so that a retry makes sense
     */
    public void judge(Exchange exchange, @ExchangeProperty(BacklogEndpoint.PENDING) ChangeSet pending,
            @ExchangeProperty(BacklogEndpoint.FOLDERS) Set<String> folders) throws RsyncException, IOException {
        judge(exchange, pending, folders, true);
    }

    /**
     * Classifies a run that was not started because its preparing run failed. Nothing has arrived, whatever paths the preparing run names.
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
        // nothing of this has arrived, whatever paths the preparing run names
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
            // the tree would fail at the same file again, so it waits, and everything around that file is sent
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
        // a target that has not answered for so long is not retried at once
        if (verdict.outcome() == RunOutcome.AWAY && !pending.isEmpty() && !TIMEOUTS.contains(exit)
                && !exchange.getProperty(BacklogEndpoint.REPLAY, false, Boolean.class)) {
            throw new RsyncException(reason);
        }
    }

    // in a push they are known beforehand
    private static ChangeSet passedOver(RunOutputParser figures, ChangeSet pending) {
        ChangeSet large = new ChangeSet();
        figures.passedOver().stream().filter(RawPath::isBelowRoot).forEach(path -> large.add(path, Extent.ENTRY, pending.since()));
        return large;
    }

    // a new set: the dead letters of the run refer to the old one, which may be saved meanwhile
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

    // a file that is modified during its transfer fails verification at every receiver
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
        // it is no failure if all of rsync's errors are about changes of the source during the run
        return verdict.outcome() == RunOutcome.PARTLY && parked.isEmpty() ? ExitCodeTable.verdict(ExitCodeTable.VANISHED, said) : verdict;
    }

    // the failed paths that had changed by the time that rsync came to them; all paths of a run if it is not known which failed. Not twice in a row:
    // a path with a real failure may also change all the time
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

    // for a path that is gone, its folder counts
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

    // rsync follows a folder that has become a link since it was listed, and sends the content behind it, maybe to the destination of a link at the
    // target
    private boolean isAstray(Set<String> folders, String said) {
        boolean astray = SWAPPED.matcher(said).find()
                || !pulls && folders.stream().anyMatch(folder -> Files.isSymbolicLink(RawPath.toPath(source.path(), folder)));
        if (astray) {
            LOG.info("A folder of {} was replaced by a link or a file while rsync read it: the whole tree is compared",
                    source.path());
        }
        return astray;
    }

    // in a large tree the watch reports what vanished during the run; but in a pull the list may go through folders that are gone
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
