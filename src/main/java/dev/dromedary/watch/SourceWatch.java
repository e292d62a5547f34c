package dev.dromedary.watch;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.filter.PathFilter;

/**
 * Watches a source and tells what is owed, a window at a time: when a change comes, all that the kernel has ready is
 * gathered until no more comes or the window is over. In between the thread sleeps in the kernel.
 */
final class SourceWatch implements Runnable, AutoCloseable {

    /** Told by the watching thread. */
    interface Listener {
        /** Every folder is watched, from now on nothing is missed; what was before is not known. */
        boolean watching(ChangeSet wholeTree);

        /**
         * @param changes what is owed
         * @param last    whether this ends a window
         * @return whether it was taken over; what was not is told again a second later
         */
        boolean changed(ChangeSet changes, boolean last);
    }

    private static final int MOVE_TARGET_COMES_WITHIN_MILLIS = 10;
    private static final int TELL_AGAIN_AFTER_MILLIS = 1000;

    private final Inotify inotify;
    private final WatchTree tree;
    private final int settleMillis;
    private final long windowNanos;
    private final Listener listener;
    private boolean startTold;
    private ChangeSet untold = new ChangeSet();
    private volatile boolean stopped;
    private volatile int watched;
    private volatile int unwatched;
    private volatile boolean rootGone;
    private volatile boolean watching;

    /**
     * @param source   raw bytes of the absolute path
     * @param window   milliseconds that a change waits at most for others to come
     * @param settle   milliseconds without a further change that end a window early
     * @param maxDelay milliseconds after which a file that stays open is owed
     * @throws IOException if inotify is not to be had; the message says why and what to do
     */
    SourceWatch(String source, PathFilter filter, long window, long settle, long maxDelay, Listener listener)
            throws IOException {
        this.inotify = new Inotify();
        this.tree = new WatchTree(inotify, source, filter, maxDelay);
        this.settleMillis = Math.toIntExact(Math.min(settle, window));
        this.windowNanos = TimeUnit.MILLISECONDS.toNanos(window);
        this.listener = listener;
    }

    /** Watches until {@link #stop}. */
    @Override
    public void run() {
        tree.watchAll();
        publish();
        watching = true;
        while (!stopped) {
            startTold = startTold || listener.watching(ChangeSet.wholeTree());
            boolean moving = tree.awaitsMoveTarget();
            inotify.await(patience(moving));
            if (!gather() && moving) {
                tree.forgetMovedOut();
            }
            publish();
        }
        gather();
    }

    private int patience(boolean moving) {
        if (moving) {
            return MOVE_TARGET_COMES_WITHIN_MILLIS;
        }
        int deadline = tree.nextDeadline();
        if (startTold && untold.isEmpty()) {
            return deadline;
        }
        return deadline < 0 ? TELL_AGAIN_AFTER_MILLIS : Math.min(deadline, TELL_AGAIN_AFTER_MILLIS);
    }

    // what was read is told when the next read shows whether it was the window's last
    private boolean gather() {
        long end = System.nanoTime() + windowNanos;
        ChangeSet gathered = untold;
        untold = new ChangeSet();
        boolean any = false;
        boolean more;
        do {
            more = inotify.read(tree::event) || any && settle() && inotify.read(tree::event);
            any |= more;
            ChangeSet owed = tree.takeOwed();
            if (!owed.isEmpty()) {
                tell(gathered, false);
                gathered = owed;
            }
        } while (more && System.nanoTime() - end < 0);
        tell(gathered, true);
        return any;
    }

    // one command's changes mostly come within a moment: one run for them all is cheaper, and a fuse sees them as one
    private boolean settle() {
        return inotify.await(settleMillis);
    }

    private void tell(ChangeSet changes, boolean last) {
        if (!changes.isEmpty() && !listener.changed(changes, last)) {
            untold.merge(changes);
        }
    }

    private void publish() {
        watched = tree.watched();
        unwatched = tree.unwatched();
        rootGone = tree.rootGone();
    }

    /** Ends {@link #run} after what the kernel has ready has been told. */
    void stop() {
        stopped = true;
        inotify.wake();
    }

    @Override
    public void close() {
        inotify.close();
    }

    int watched() {
        return watched;
    }

    int unwatched() {
        return unwatched;
    }

    boolean rootGone() {
        return rootGone;
    }

    /** Whether every folder of the source has a watch. */
    boolean whole() {
        return watching && unwatched == 0 && !rootGone;
    }
}
