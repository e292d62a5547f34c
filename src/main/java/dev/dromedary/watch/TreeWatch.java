package dev.dromedary.watch;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;

/**
 * A source under watch by one of the kernel's ways, and what its events mean. For one thread, but for {@link #wake} and
 * {@link #lastAdded}.
 */
interface TreeWatch extends AutoCloseable {

    /** By what it watches, for people: {@code inotify} or {@code fanotify}. */
    String by();

    /**
     * Watches the source anew, whatever was known before; what is watched already stays so without a gap.
     *
     * @throws IOException if no watch is to be had at all; the message says what to do
     */
    void watchAll() throws IOException;

    /**
     * Watches a folder outside of the source in which a cookie is to be seen.
     *
     * @param folder absolute, in the notation of RawPath
     * @throws IOException if no watch is to be had for it
     */
    void watchCookie(String folder) throws IOException;

    /** Takes the cookie for seen: none could be laid. */
    void noCookie();

    /** Whether a cookie was seen since the last call. */
    boolean takeCookieSeen();

    /** Whether cookies are seen at all; where they can't be, the watch does without. */
    boolean seesCookies();

    /** The names of the cookies that were seen since the last call. */
    List<String> takeCookies();

    /**
     * Owes what is not owed yet as more may come of it: files that are being written, as they are now, and what was moved away and has
     * come up nowhere yet.
     */
    void enqueueUnsettled();

    /**
     * Waits for events, for {@link #wake}, or until something is mounted or unmounted.
     *
     * @param millis how long at most; -1 for ever
     * @return whether there are events
     */
    boolean await(int millis);

    /** The same by a finer clock: for so many microseconds at most. */
    boolean awaitMicros(long micros);

    /** Whether something was mounted or unmounted, on this machine, since the last call; {@link #await} has to have been called. */
    boolean takeMountsChanged();

    /** Ends {@link #await} in the reading thread, now or at its next call. */
    void wake();

    /** When something was last watched, in {@link System#nanoTime}: as long as that goes on, the thread is not stuck. For any thread. */
    long lastAdded();

    /**
     * Takes in what the kernel has ready, without waiting; what it means is in {@link #takePending} afterwards.
     *
     * @return how many events
     */
    int read();

    /** Takes a path for another folder than it was, as something was mounted there or unmounted; all in it is owed. */
    void remounted(String path);

    /** Whether some folders wait to be watched, such as for the limit of watches to be raised. */
    boolean isLimited();

    /** Says once, to people, that not all folders can be watched, and what to do. */
    void sayLimit();

    /** Tries again to watch what could not be watched, and owes all that is in there. */
    void watchUnwatched();

    /**
     * Where something was missed, such as by an overflow, watches the source anew and owes the whole of it: the kernel does not say what.
     *
     * @return what was wrong, and what a person can do, if there was something; or null
     */
    String recover();

    /** Whether something that was watched is so no more, although no event said that it is gone: then the watch has to begin anew. */
    boolean isBlind();

    /** Whether something has left its place, and may come up elsewhere within a moment. */
    boolean awaitsMoveTarget();

    /** Owes what was moved away and came up nowhere in here. */
    void forgetMovedOut();

    /** Which files are open and were written since they were last owed, by their paths in the source; the first {@code most}. */
    Set<String> beingWritten(int most);

    /** In how many milliseconds a file that is still open will be owed; -1 if there is none. */
    int nextDeadline();

    /** What has come to be owed since the last call. */
    ChangeSet takePending();

    /**
     * What has been told, since the last call, of files themselves and not of their names coming or going: by the path of each whether
     * it was written (ENTRY) or has other attributes. After {@link #takePending}.
     */
    Map<String, Extent> takeTouched();

    /** How many folders have a watch; where whole file systems are watched, how many of these. */
    int watched();

    /** How many folders should have a watch and have none. */
    int unwatched();

    /**
     * Which of them these are, without those that lie below another one, and why, in plain words; the first {@code most}. By their paths
     * in the source, in the notation of RawPath.
     */
    Map<String, String> notWatched(int most);

    /** Whether the source itself was removed; that needs it to be empty (rmdir(2)). */
    boolean rootRemoved();

    /** Whether the source itself is no longer where it was. */
    boolean rootGone();

    @Override
    void close();
}
