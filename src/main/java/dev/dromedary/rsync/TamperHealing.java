package dev.dromedary.rsync;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.backlog.TransferClass;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.component.exec.ExecBinding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects what others have changed at a local target folder, and enqueues it again. Every path that the watch of that folder reports is a
 * candidate, including those of our own runs. Once no run is working on a candidate, it is compared: first at a glance without rsync, then by a dry
 * run of rsync with the target's own options and rules. Only what the dry run would change was changed by others, unless the source has
 * just changed. Safe for use by several threads.
 */
public final class TamperHealing {


    /** Waits until all earlier changes of the source are in the backlog. */
    @FunctionalInterface
    public interface Flush {
        void run() throws InterruptedException;
    }

    /**
     * The paths that were restored so far.
     *
     * @param paths how many
     * @param last  when the last of them was found; null if there was none
     * @param some  the latest of them, newest first, safe to display
     */
    public record Healed(long paths, Instant last, List<String> some) {
    }

    private record Found(String path, Instant at) {
    }

    private record Answer(ChangeSet differing, long begunMillis) {
    }

    private static final Logger LOG = LoggerFactory.getLogger(TamperHealing.class);
    private static final String ANSWER = "DromedaryHealing";
    private static final int MOST_CANDIDATES = 20_000;
    private static final int NAMED = 10;
    private static final int REMEMBERED = 1000;
    // a file in flight (rsync(1), --temp-dir)
    private static final Pattern TEMPORARY = Pattern.compile("(?:.*/)?\\.[^/]+\\.[A-Za-z0-9]{6}");
    // the clock behind file system timestamps ticks every 1 to 4 ms
    private static final long TICK_MILLIS = 10;
    // somebody may change it continuously
    private static final int MOST_LOOKS = 4;
    private static final Set<TransferClass> QUICK = EnumSet.complementOf(EnumSet.of(TransferClass.BULK));

    private final String target;
    private final PathComparator glance;
    private final Path folder;
    private final Backlog backlog;
    private final ReceiverState receiver;
    private final Flush flush;
    // paths that others have changed, as no run was working on them; and paths that a run was working on
    private ChangeSet others = new ChangeSet();
    private ChangeSet ours = new ChangeSet();
    private ChangeSet asked;
    // how often each path was left for another look, as it had just been written to
    private Map<String, Integer> looks = new HashMap<>();
    private final Deque<Found> found = new ArrayDeque<>();
    private long paths;

    /**
     * @param target   mirror/target
     * @param folder   the watched folder
     * @param source   the folder that it has to equal; {@code null} if that is on another machine
     * @param backlog  the target's backlog
     * @param receiver records what the rsync at the target can't do
     */
    public TamperHealing(String target, Path folder, Path source, Backlog backlog, ReceiverState receiver, Flush flush) {
        this.target = target;
        this.folder = folder;
        this.glance = source == null ? null : new PathComparator(source, folder);
        this.backlog = backlog;
        this.receiver = receiver;
        this.flush = flush;
    }

    /** Takes the changes that the watch of the folder reports. */
    public void noticed(@Body ChangeSet changes) {
        synchronized (this) {
            changes.forEach((path, extent) -> (backlog.pending(path).isEmpty() ? others : ours).add(path, extent));
            others = others.size() > MOST_CANDIDATES ? others.fold(MOST_CANDIDATES / 2) : others;
            ours = ours.size() > MOST_CANDIDATES ? ours.fold(MOST_CANDIDATES / 2) : ours;
        }
    }

    /**
     * {@return whether some paths seem to differ, so that rsync has to be asked} If so, {@link DryRunChangeCounter#ASKED} and
     * {@link MaxChangeGuard#AS} are set.
     */
    public synchronized boolean isToAsk(Exchange exchange) {
        if (asked != null) {
            // the last question was not answered
            others.merge(asked);
            asked = null;
        }
        if (others.isEmpty() && ours.isEmpty() || backlog.isResting() || !backlog.isInLine() || backlog.size(EnumSet.of(TransferClass.BULK)) > 0) {
            return false;
        }
        ChangeSet later = new ChangeSet();
        ChangeSet question = new ChangeSet();
        boolean content = gather(others, true, question, later);
        gather(ours, false, question, later);
        others = new ChangeSet();
        ours = later;
        if (question.isEmpty()) {
            return false;
        }
        boolean[] folders = new boolean[1];
        question.forEach((path, extent) -> folders[0] |= extent.compareTo(Extent.ENTRY) > 0);
        asked = question;
        exchange.setProperty(DryRunChangeCounter.ASKED, question);
        exchange.setProperty(MaxChangeGuard.AS, folders[0] ? content ? "content" : "bulk" : content ? "entries" : "attributes");
        return true;
    }

    // the content of a path that no run of ours has touched may differ even if size and time are equal
    private boolean gather(ChangeSet candidates, boolean content, ChangeSet question, ChangeSet later) {
        boolean busy = backlog.size(QUICK) > 0;
        boolean[] any = new boolean[1];
        candidates.forEach((path, extent) -> {
            if (busy && (!backlog.pending(path).isEmpty() || TEMPORARY.matcher(path).matches())) {
                later.add(path, extent);
            } else if (glance == null ? content && !isTemporaryAndGone(path) || isThere(path) : glance.isOther(path, extent, content)) {
                question.add(path, extent);
                any[0] = true;
            }
        });
        return any[0] && content;
    }

    private boolean isTemporaryAndGone(String path) {
        return TEMPORARY.matcher(path).matches() && !isThere(path);
    }

    private boolean isThere(String path) {
        return Files.exists(RawPath.toPath(folder, path), LinkOption.NOFOLLOW_LINKS);
    }

    /** Prepares the dry run, and returns the changes to list. */
    public ChangeSet begin(@ExchangeProperty(DryRunChangeCounter.ASKED) ChangeSet question, Exchange exchange) {
        ChangeSet differing = new ChangeSet();
        DryRunChangeCounter changes = new DryRunChangeCounter((what, path) -> {
            // rsync also reports the parent folders
            if (what != DryRunChangeCounter.What.FOLDER_TIME && question.covers(path, Extent.ATTRIBUTES)) {
                differing.add(path, what == DryRunChangeCounter.What.ATTRIBUTES ? Extent.ATTRIBUTES : Extent.ENTRY);
            }
        });
        exchange.setProperty(DryRunChangeCounter.PROPERTY, changes);
        exchange.setProperty(ANSWER, new Answer(differing, System.currentTimeMillis()));
        return question;
    }

    /** Evaluates the dry run. Removes {@link DryRunChangeCounter#ASKED}, unless the dry run has to be repeated. */
    public void end(Exchange exchange, @ExchangeProperty(ANSWER) Answer answer, @Header(ExecBinding.EXEC_EXIT_VALUE) int exit,
            @Header(ExecBinding.EXEC_STDERR) InputStream stderr) throws IOException {
        String said = stderr == null ? "" : new String(stderr.readAllBytes(), StandardCharsets.ISO_8859_1);
        ReceiverCapabilities able = exchange.getProperty(ReceiverState.PROPERTY, ReceiverCapabilities.class);
        if (able != null && receiver.learns(able, exit, said)) {
            return;
        }
        exchange.removeProperty(DryRunChangeCounter.ASKED);
        RunOutcome outcome = ExitCodeTable.verdict(exit, said).outcome();
        if (outcome != RunOutcome.ARRIVED && outcome != RunOutcome.PARTLY) {
            LOG.debug("{}: whether somebody has changed something there is not known yet: {} {}", target, exit, said);
            exchange.removeProperty(ANSWER);
        }
    }

    /**
     * {@return the paths that others have changed, to be enqueued again; they are counted and reported} Empty if the question was not
     * answered.
     */
    public ChangeSet found(@ExchangeProperty(ANSWER) Answer answer) throws InterruptedException {
        ChangeSet again = new ChangeSet();
        if (answer == null) {
            return again;
        }
        // what has just changed at the source was not changed by others
        flush.run();
        List<String> names = new ArrayList<>();
        synchronized (this) {
            Map<String, Integer> next = new HashMap<>();
            answer.differing.forEach((path, extent) -> {
                if (!backlog.pending(path).isEmpty()) {
                    ours.add(path, extent);
                } else if (looks.getOrDefault(path, 0) < MOST_LOOKS && isTouched(path, answer.begunMillis - TICK_MILLIS)) {
                    // a run of ours may have come and gone since the question
                    next.put(path, looks.getOrDefault(path, 0) + 1);
                    others.add(path, extent);
                } else {
                    again.add(path, extent);
                    names.add(path);
                }
            });
            looks = next;
            asked = null;
            paths += names.size();
            names.forEach(path -> found.addFirst(new Found(path, Instant.now())));
            while (found.size() > REMEMBERED) {
                found.removeLast();
            }
        }
        if (!names.isEmpty()) {
            String what = names.size() + (names.size() == 1 ? " path was" : " paths were") + " changed there by somebody else: "
                    + String.join(", ", names.stream().limit(NAMED).map(RawPath::shown).toList())
                    + (names.size() > NAMED ? ", ..." : "");
            LOG.warn("{}: {}. Brought back", target, what);
            backlog.tampered(what + ". They are brought back");
        }
        return again;
    }

    // by its change time (stat(2)), which nobody can set; for a missing path, by that of its nearest existing parent
    private boolean isTouched(String path, long sinceMillis) {
        for (String at = path;; at = RawPath.parent(at)) {
            try {
                FileTime changed = (FileTime) Files.getAttribute(RawPath.toPath(folder, at), "unix:ctime", LinkOption.NOFOLLOW_LINKS);
                return changed.toMillis() >= sinceMillis;
            } catch (IOException e) {
                if (at.isEmpty()) {
                    return false;
                }
            }
        }
    }

    /** {@return the paths that were restored so far} */
    public synchronized Healed healed() {
        return new Healed(paths, found.isEmpty() ? null : found.peekFirst().at,
                found.stream().map(Found::path).distinct().limit(NAMED).map(RawPath::shown).toList());
    }

    /** {@return when a path was last found to be changed by somebody else; empty if not lately} */
    public synchronized Optional<Instant> found(String path) {
        return found.stream().filter(one -> one.path.equals(path)).findFirst().map(Found::at);
    }
}
