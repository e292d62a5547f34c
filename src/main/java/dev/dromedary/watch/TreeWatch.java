package dev.dromedary.watch;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;

/**
 * Watches a source with one of the kernel's mechanisms, and interprets its events. Not thread-safe, except for {@link #wake} and
 * {@link #lastAdded}.
 */
interface TreeWatch extends AutoCloseable {

    /** {@return the mechanism, for people: {@code inotify} or {@code fanotify}} */
    String by();

    /**
     * Watches the source from scratch; existing watches stay without a gap.
     *
     * @throws IOException if no watch is available at all; the message says what to do
     */
    void watchAll() throws IOException;

    /**
     * Watches a folder outside of the source in which cookies are written.
     *
     * @param folder absolute, in the notation of RawPath
     * @throws IOException if no watch is available for it
     */
    void watchCookie(String folder) throws IOException;

    /** Treats the cookie as seen, because it could not be written. */
    void noCookie();

    /** {@return whether a cookie was seen since the last call} */
    boolean takeCookieSeen();

    /** {@return whether cookies can be seen at all; if not, the watch works without them} */
    boolean seesCookies();

    /** {@return the names of the cookies that were seen since the last call} */
    List<String> takeCookies();

    /**
     * Enqueues what is held back because more may follow: files that are being written, in their current state, and what was moved away and
     * has not appeared elsewhere yet.
     */
    void enqueueUnsettled();

    /**
     * Waits for events, for {@link #wake}, or until something is mounted or unmounted.
     *
     * @param millis the maximum time; -1 for no limit
     * @return whether there are events
     */
    boolean await(int millis);

    /** Waits with a finer clock, for at most the given number of microseconds. */
    boolean awaitMicros(long micros);

    /** {@return whether something was mounted or unmounted on this machine since the last call} {@link #await} must have been called before. */
    boolean takeMountsChanged();

    /** Ends {@link #await} in the reading thread, now or at its next call. */
    void wake();

    /** {@return when a watch was last added, in {@link System#nanoTime}} As long as that continues, the thread is not stuck. Thread-safe. */
    long lastAdded();

    /**
     * Processes the events that the kernel has ready, without waiting; the resulting changes are returned by {@link #takePending}
     * afterwards.
     *
     * @return the number of events
     */
    int read();

    /** Treats a path as another folder than before, because something was mounted there or unmounted; all its content is enqueued. */
    void remounted(String path);

    /** {@return whether some folders wait to be watched, for example until the limit of watches is raised} */
    boolean isLimited();

    /** Logs once that not all folders can be watched, and what to do. */
    void sayLimit();

    /** Tries again to watch what could not be watched, and enqueues all its content. */
    void watchUnwatched();

    /**
     * If events were lost, for example by an overflow, watches the source again and enqueues the whole of it, because the kernel does not
     * report what was lost.
     *
     * @return what was wrong and what a person can do; null if nothing was lost
     */
    String recover();

    /** {@return whether a watch was lost without an event, so that the watch has to start again} */
    boolean isBlind();

    /** {@return whether something was moved away and may appear elsewhere within a moment} */
    boolean awaitsMoveTarget();

    /** Enqueues what was moved away and did not appear elsewhere in the source. */
    void forgetMovedOut();

    /** {@return the first {@code most} files that are open and were written since they were last enqueued, by their paths in the source} */
    Set<String> beingWritten(int most);

    /** {@return in how many milliseconds a file that is still open will be enqueued; -1 if there is none} */
    int nextDeadline();

    /** {@return the pending changes since the last call} */
    ChangeSet takePending();

    /**
     * Returns the changes, since the last call, of files themselves, as opposed to their names appearing or disappearing. The value says
     * whether the file was written (ENTRY) or has other attributes. To be called after {@link #takePending}.
     */
    Map<String, Extent> takeTouched();

    /** {@return the number of watched folders, or of watched file systems if these are watched as wholes} */
    int watched();

    /** {@return the number of folders that should be watched and are not} */
    int unwatched();

    /**
     * Returns the first {@code most} of these folders with the reasons, without those that lie below another one. By their paths in the
     * source, in the notation of RawPath.
     */
    Map<String, String> notWatched(int most);

    /** {@return whether the source itself was removed, which requires it to be empty (rmdir(2))} */
    boolean rootRemoved();

    /** {@return whether the source itself is no longer at its path} */
    boolean rootGone();

    @Override
    void close();
}
