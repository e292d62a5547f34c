package dev.dromedary.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.FlushMarker;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.mount.Mount;
import dev.dromedary.source.SourceGuard;
import dev.dromedary.state.StateFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a source and reports its pending changes, one window at a time. When a change arrives, all events that the kernel has ready are
 * collected until no more arrive or the window ends. In between the thread sleeps in the kernel.
 *
 * <p>When the source is gone, this waits until it is back and starts a new watch. If inotify is not available, it enqueues the whole source
 * from time to time.
 */
final class SourceWatch implements Runnable {

    /** Called by the watching thread. A call that returns false was not accepted, and is repeated a second later. */
    interface Listener {
        /**
         * Every folder that can be watched is watched; earlier changes are not known.
         *
         * @param again whether changes may have been missed since an earlier watch began
         */
        boolean watching(ChangeSet wholeTree, boolean again);

        /** The source is not in its usual state; nothing is known of it until {@link #watching} is called again. */
        boolean lost(String reason);

        /**
         * @param changes the pending changes
         * @param last    whether this ends a window
         */
        boolean changed(ChangeSet changes, boolean last);
    }

    private static final Logger LOG = LoggerFactory.getLogger(SourceWatch.class);
    private static final int MOVE_TARGET_COMES_WITHIN_MILLIS = 10;
    private static final int TELL_AGAIN_AFTER_MILLIS = 1000;
    private static final double MILLIS = 1000;
    private static final int LOOK_AT_ROOT_EVERY_MILLIS = 2000;
    // a few changes are read one by one as they arrive, many of them in batches
    private static final int READS_AT_ONCE = 4;
    private static final long BREATH_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final SourceGuard root;
    private final String source;
    private final WatchOptions options;
    private final Listener listener;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final WatchMethodChooser choice;
    private volatile TreeWatch tree;
    private volatile EventExpansion expansion = EventExpansion.NONE;
    private boolean toldOnce;
    private boolean startTold;
    private ChangeSet untold = new ChangeSet();
    private Map<String, Mount> mounted = Map.of();
    private Set<String> missing = Set.of();
    private long rootDue;
    private long pollDue;
    private volatile int watched;
    private volatile int unwatched;
    private volatile Map<String, String> notWatched = Map.of();
    private volatile Set<String> beingWritten = Set.of();
    private volatile String by;
    private boolean limitSaid;
    private BooleanSupplier isOtherBetter;
    private volatile long overflows;
    private long read;
    private volatile long events;
    private volatile Instant lastCookie;
    private volatile boolean watching;
    private volatile String fault;
    private final StuckThreadDetector detector = new StuckThreadDetector();
    private final SyncCookies marks = new SyncCookies();
    private final Semaphore marked = new Semaphore(0);
    // those without a cookie
    private final Queue<String> unlaid = new ConcurrentLinkedQueue<>();
    private volatile boolean seesCookies;

    SourceWatch(SourceGuard root, WatchOptions options, Listener listener) {
        this.root = root;
        this.source = RawPath.of(root.path());
        this.options = options;
        this.listener = listener;
        this.choice = new WatchMethodChooser(options.by(), options.maxDelay());
    }

    /** Watches until {@link #stop}. */
    @Override
    public void run() {
        detector.begin();
        toldOnce = root.watchBegins();
        while (!isStopped()) {
            try {
                if (rootIsThere()) {
                    watch();
                }
            } catch (NoSuchFileException e) {
                LOG.debug("{} is gone just now", RawPath.escape(source));
            } catch (IOException e) {
                withoutInotify(e);
            } catch (RuntimeException e) {
                LOG.error("The watch of {} failed and begins anew", RawPath.escape(source), e);
                pause(TELL_AGAIN_AFTER_MILLIS);
            } finally {
                watching = false;
            }
        }
    }

    private boolean rootIsThere() {
        Optional<String> now = root.fault();
        if (now.isEmpty()) {
            fault = null;
            return true;
        }
        if (!now.get().equals(fault) && listener.lost(now.get())) {
            fault = now.get();
        }
        // whatever comes next, changes may have been missed meanwhile
        toldOnce = true;
        startTold = false;
        pause(TELL_AGAIN_AFTER_MILLIS);
        return false;
    }

    private void watch() throws IOException {
        lookAtMounts();
        Path folder = root.watched();
        PathFilter leftOut = PathFilter.anyOf(aliased(), options.filter());
        try (TreeWatch opened = choice.open(folder, leftOut, this::mountedNow)) {
            tree = opened;
            try {
                // comes first, because the folders may use up all available watches
                watchCookies();
            } catch (IOException e) {
                if (choice.isOtherBetter(opened, folder, leftOut, this::mountedNow)) {
                    return;
                }
                throw e;
            }
            opened.watchAll();
            if (choice.isOtherBetter(opened, folder, leftOut, this::mountedNow)) {
                return;
            }
            isOtherBetter = () -> choice.isOtherBetter(opened, folder, leftOut, this::mountedNow);
            if (tree.rootGone() && root.isWatched()) {
                throw new IOException("no watch of it is to be had, such as when this user may not read it");
            }
            expansion = EventExpansionFactory.of(options, folder, opened::wake);
            publish();
            root.remember();
            rootDue = in(LOOK_AT_ROOT_EVERY_MILLIS);
            pollDue = in(options.poll());
            startTold = false;
            watching = true;
            while (!isStopped() && !tree.rootGone() && isHealthy()) {
                tellStart();
                int patience = patience(tree.awaitsMoveTarget());
                detector.expectIn(patience);
                opened.await(patience);
                gather();
                if (opened.takeMountsChanged()) {
                    rootDue = System.nanoTime();
                }
                publish();
            }
            if (!tree.rootGone()) {
                tree.forgetMovedOut();
                expansion.end(untold);
                gather();
            }
            if (tree.rootRemoved()) {
                root.wasRemoved();
            } else if (tree.rootGone() || !root.isWatched()) {
                root.wasLost();
            }
        } finally {
            seesCookies = false;
            expansion.close();
            tree = null;
        }
    }

    // a folder that is mounted at two paths is watched at one of them
    private PathFilter aliased() {
        return new PathFilter() {
            @Override
            public boolean excludesEntry(String path, boolean directory) {
                return root.submounts().aliases().excludesEntry(path, directory);
            }

            @Override
            public boolean excludes(String path, boolean directory) {
                return root.submounts().aliases().excludes(path, directory);
            }
        };
    }

    private Set<String> mountedNow() {
        return mounted.keySet();
    }

    private void lookAtMounts() throws IOException {
        root.submounts().look();
        mounted = root.submounts().mounted();
        missing = root.submounts().missing().keySet();
    }

    // another folder is at the mount point now, and no event reports that
    private void remount() throws IOException {
        Map<String, Mount> mountedBefore = mounted;
        Set<String> missingBefore = missing;
        lookAtMounts();
        List<String> remounted = Stream.of(mountedBefore.keySet(), mounted.keySet(), missingBefore, missing).flatMap(Set::stream)
                .distinct().filter(path -> !Objects.equals(mountedBefore.get(path), mounted.get(path))
                        || missingBefore.contains(path) != missing.contains(path)).sorted().toList();
        if (!remounted.isEmpty()) {
            remounted.forEach(tree::remounted);
            gather();
        }
    }

    private void tellStart() {
        if (!startTold && listener.watching(ChangeSet.ofWholeTree(), toldOnce)) {
            startTold = true;
            toldOnce = true;
            // the cookies of earlier markers may have been missed
            marks.laid().forEach(this::layMark);
        }
    }

    /**
     * Sends a marker after all earlier changes, once these have been reported. Thread-safe. It may take long, for example until a source is
     * back.
     */
    void mark(FlushMarker marker) {
        layMark(marks.add(marker));
        marked.release();
    }

    // a separate cookie, deleted at once: only its event counts
    private void layMark(String name) {
        Path cookie = options.cookies() == null ? null : options.cookies().resolve(name);
        try {
            if (cookie != null && seesCookies) {
                StateFolder.write(cookie, new byte[0]);
                Files.delete(cookie);
                return;
            }
        } catch (IOException e) {
            LOG.debug("No cookie could be laid in {}: {}", options.cookies(), e.toString());
        }
        // the kernel has already queued all earlier changes, so the marker follows as soon as the queue was found empty
        unlaid.add(name);
        TreeWatch current = tree;
        if (current != null) {
            current.wake();
        }
    }

    // checks what no event reports; false if the watch has to start again
    private boolean isHealthy() throws IOException {
        long now = System.nanoTime();
        if (now - rootDue >= 0) {
            rootDue = in(LOOK_AT_ROOT_EVERY_MILLIS);
            if (root.fault().isPresent() || !root.isWatched()) {
                return false;
            }
            // a person may have confirmed that what is missing is intended
            remount();
            if (tree.isBlind()) {
                LOG.warn("A file system of {} was unmounted and mounted, or has another path: its watch begins anew, and the whole is compared",
                        RawPath.escape(source));
                return false;
            }
        }
        if (now - pollDue >= 0) {
            pollDue = in(options.poll());
            if (isOtherBetter.getAsBoolean()) {
                return false;
            }
            if (tree.isLimited()) {
                tree.watchUnwatched();
            }
            if (options.cookies() != null) {
                if (!tree.takeCookieSeen()) {
                    LOG.error("The watch of {} did not see its own cookie: it begins anew, and the whole is compared",
                            RawPath.escape(source));
                    return false;
                }
                lastCookie = Instant.now();
                layCookie();
            }
        }
        return true;
    }

    private void watchCookies() throws IOException {
        if (options.cookies() != null) {
            StateFolder.make(options.cookies());
            tree.watchCookie(RawPath.of(options.cookies()));
            seesCookies = tree.seesCookies();
            layCookie();
        }
    }

    private void layCookie() {
        try {
            StateFolder.write(options.cookies().resolve("cookie"), new byte[0]);
        } catch (IOException e) {
            LOG.warn("No cookie could be laid in {} ({}): a watch that went blind would not be noticed",
                    options.cookies(), e.getMessage());
            tree.noCookie();
        }
    }

    private int patience(boolean moving) {
        if (moving) {
            return MOVE_TARGET_COMES_WITHIN_MILLIS;
        }
        long now = System.nanoTime();
        long wait = Math.max(0, TimeUnit.NANOSECONDS.toMillis(Math.min(rootDue - now, pollDue - now)) + 1);
        int deadline = tree.nextDeadline();
        if (deadline >= 0) {
            wait = Math.min(wait, deadline);
        }
        return (int) (startTold && untold.isEmpty() && untold.markers().isEmpty() ? wait : Math.min(wait, TELL_AGAIN_AFTER_MILLIS));
    }

    // changes are reported only after the next read has shown whether they were the last of the window
    private void gather() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(options.window());
        ChangeSet gathered = untold;
        untold = new ChangeSet();
        List<String> asked = List.copyOf(unlaid);
        boolean drained = false;
        int reads = 0;
        boolean more;
        do {
            if (reads >= READS_AT_ONCE) {
                // under load, waking up for each event takes time from the processes that write and send
                LockSupport.parkNanos(BREATH_NANOS);
            }
            boolean some = read();
            drained |= !some;
            more = some || reads > 0 && settle() && read();
            reads++;
            ChangeSet pending = takePending();
            if (!pending.isEmpty()) {
                tell(gathered, false);
                gathered = pending;
            }
        } while (more && System.nanoTime() - end < 0);
        String missed = tree.recover();
        if (missed != null) {
            sayMissed(missed);
            gathered.merge(takePending());
            marks.laid().forEach(this::layMark);
        }
        marks.seen(tree.takeCookies());
        if (drained) {
            marks.seen(asked);
            unlaid.removeAll(asked);
        }
        if (marks.haveArrived() && startTold) {
            mark(gathered);
        }
        tell(gathered, true);
    }

    // the marker follows everything that is pending, or would be in a moment
    private void mark(ChangeSet gathered) {
        tree.enqueueUnsettled();
        if (tree.isLimited()) {
            tree.watchUnwatched();
        }
        gathered.merge(takePending());
        if (!expansion.isLooking()) {
            (untold.isEmpty() ? gathered : untold).mark(marks.take());
        }
    }

    private ChangeSet takePending() {
        ChangeSet pending = tree.takePending();
        // an empty set still belongs to the tree
        ChangeSet all = pending.isEmpty() ? new ChangeSet() : pending;
        expansion.expand(all, tree.takeTouched());
        return all;
    }

    // the changes of one command usually arrive within a moment: one run for all is cheaper, and a fuse sees them together
    private boolean settle() {
        return tree.awaitMicros(Math.min(options.settle(), TimeUnit.MILLISECONDS.toMicros(options.window())));
    }

    private void tell(ChangeSet changes, boolean last) {
        if ((!changes.isEmpty() || !changes.markers().isEmpty())
                && !listener.changed(root.submounts().aliases().expand(changes), last)) {
            untold.merge(changes);
        }
    }

    private void sayMissed(String what) {
        if (overflows++ == 0) {
            LOG.warn("{}: the whole of {} is compared, while changes go on. Further ones are counted only", what, RawPath.escape(source));
        }
    }

    private void withoutInotify(IOException why) {
        if (unwatched == 0 || watched != 0) {
            LOG.error("{} is not watched: {}. Until then the whole is compared every {} ms", RawPath.escape(source),
                    why.getMessage(), options.poll());
        }
        watched = 0;
        unwatched = 1;
        notWatched = Map.of("", why.getMessage() + "; until then the whole is compared every " + options.poll() / MILLIS + " s");
        tellStart();
        awaitMark(options.poll());
        if (!isStopped() && root.fault().isEmpty()) {
            marks.seen(marks.laid());
            tell(ChangeSet.ofWholeTree().mark(startTold ? marks.take() : List.of()), true);
        }
    }

    private boolean read() {
        int now = tree.read();
        read += now;
        return now > 0;
    }

    private void publish() {
        events = read;
        watched = tree.watched();
        int now = tree.unwatched();
        if (now != unwatched || now == 0) {
            // there may be very many, and this runs for each window
            notWatched = now == 0 ? Map.of() : Map.copyOf(tree.notWatched(InotifyConsumer.MOST_NAMED));
        }
        unwatched = now;
        beingWritten = tree.beingWritten(InotifyConsumer.MOST_OPEN_NAMED);
        by = tree.by();
        if (tree.isLimited() && !limitSaid) {
            tree.sayLimit();
        }
        limitSaid = tree.isLimited();
    }

    private static long in(long millis) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    // ends early for a marker, because without a watch nothing else reports changes
    private void awaitMark(long millis) {
        detector.expectIn(millis);
        try {
            while (marked.tryAcquire(detector.nanosLeft(), TimeUnit.NANOSECONDS) && marks.isEmpty() && !isStopped()) {
                // a permit of a marker that was handled already
                continue;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop.countDown();
        }
    }

    private void pause(long millis) {
        detector.expectIn(millis);
        try {
            stop.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop.countDown();
        }
    }

    /** Ends {@link #run} after the events that the kernel has ready have been reported. */
    void stop() {
        stop.countDown();
        marked.release();
        TreeWatch current = tree;
        if (current != null) {
            current.wake();
        }
    }

    /** {@return why the watch makes no progress, as {@link InotifyConsumer#stuck}} */
    String stuck(long patienceNanos) {
        TreeWatch current = tree;
        return isStopped() ? null : detector.stuck(patienceNanos, current == null ? OptionalLong.empty() : OptionalLong.of(current.lastAdded()));
    }

    /** {@return whether folders are watched, and not whole file systems} */
    boolean countsFolders() {
        return !"fanotify".equals(by);
    }

    /** {@return the number of watched folders, or of watched file systems} */
    int watched() {
        return watched;
    }

    /** {@return the number of folders that should be watched and are not} */
    int unwatched() {
        return unwatched;
    }

    /** {@return some of these folders with the reasons, by their paths in the source; those below them are not listed} */
    Map<String, String> notWatched() {
        return notWatched;
    }

    /** {@return some or all of the files that are open and were written since they were last reported, by their paths in the source} */
    Set<String> beingWritten() {
        return watching ? beingWritten : Set.of();
    }

    /** {@return the kernel's mechanism by which the source is watched; null if it is not watched} */
    String by() {
        return watching ? by : null;
    }

    /** {@return the number of known names of files with several names} */
    int linkedNames() {
        return expansion.known();
    }

    /** {@return the number of events that the kernel has reported} */
    long events() {
        return events;
    }

    /** {@return when the watch last saw its own cookie, or null} */
    Instant lastCookie() {
        return lastCookie;
    }

    /** {@return the number of overflows of the kernel's queue} */
    long overflows() {
        return overflows;
    }

    /** {@return why the source, or what is mounted below it, is not in its usual state; null if it is} */
    String fault() {
        String lost = fault;
        return lost != null ? lost : root.submounts().fault();
    }

    /** {@return whether every folder of the source has a watch} */
    boolean whole() {
        return watching && watched > 0 && unwatched == 0 && fault() == null;
    }
}
