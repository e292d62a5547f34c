package dev.dromedary.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One place that a mirror is kept in, with every option settled: its own, else its mirror's, else the default.
 *
 * @param mirror           the name of its mirror
 * @param name             letters, digits, "-" and "_"; unique in its mirror
 * @param url              where it is
 * @param passwordFile     the daemon's password, absolute; {@code null} if there is none
 * @param sshOptions       options for ssh, as one text; empty if there are none
 * @param rsyncOptions     further options for rsync, a word each, none of which breaks the mirror's promise
 * @param window           how long a change waits at most before rsync starts, if the target is idle
 * @param maxDelay         after how long a file that stays open for writing is sent
 * @param poll             how often folders that can't be watched are compared
 * @param followsHardLinks whether all names of a file are sent when it changes
 * @param warm             how long after a change the rsync of the next one is kept ready; zero for never, {@link #ALWAYS}
 * @param maxBacklog       how many paths are owed one by one; more are owed by folders
 * @param largeFile        the size in bytes from which a file is carried apart
 * @param filter           rsync filter rules, the first that fits decides: "+ PATTERN", "- PATTERN", "include PATTERN"
 *                         or "exclude PATTERN"
 * @param last             what travels after all else, as filter rules that leave just that out; empty: nothing
 * @param delete           when what is gone at the source goes at the target too
 * @param firstRunDeletes whether a first run may delete more than it brings, unasked
 * @param targetMarker     the name of a file without which nothing is written at the target; {@code null}: none
 * @param maxDelete        how many deletions one run may make; {@code null}: any number
 * @param maxChange        how many entries one run may change before a person is asked; {@code null}: any number
 * @param releases         how many releases are kept there, in place of one live tree; {@code null}: it is a live tree
 * @param quiet            after how long without a change a release is made; {@code null}: when somebody says so
 * @param bandwidthLimit   as rsync's {@code --bwlimit}; {@code null}: none
 * @param timeout          after how long without data rsync gives up; at least a second
 * @param reconcile        when the whole tree is compared, a Quartz cron expression; {@code null}: never
 * @param checksumReconcile the same by content; {@code null}: never
 * @param reconcileOnStart whether the whole tree is compared at start
 * @param replay           when dead letters are tried again
 * @param retries          how often a failed run is repeated before it becomes a dead letter
 * @param retryDelay       how long to wait before a retry
 * @param before           a Camel endpoint URI that gets each window before it is sent; {@code null}: none
 * @param after            a Camel endpoint URI that gets each window once it has arrived; {@code null}: none
 * @param onFailure        who is told when a target goes away and the like: a Camel endpoint URI, or what {@code notify} has, which begins with
 *                         mailto:, http: or https:; {@code null}: nobody
 * @param lagAlarm         how old the oldest change may get before that is told; {@code null}: it is never told
 * @param heals            whether what somebody else changes there is brought back at once
 * @param hooksHold        whether a failure of before or after is a failure of the run
 */
public record Target(String mirror, String name, TargetUrl url, Path passwordFile, String sshOptions,
        List<String> rsyncOptions, Duration window, Duration maxDelay, Duration poll, boolean followsHardLinks, Duration warm, int maxBacklog, long largeFile,
        List<String> filter, List<String> last, Deletion delete,
        boolean firstRunDeletes, String targetMarker, Integer maxDelete, ChangeLimit maxChange, Integer releases, Duration quiet, String bandwidthLimit, Duration timeout, String reconcile, String checksumReconcile, boolean reconcileOnStart,
        Schedule replay, int retries, Duration retryDelay, String before, String after,
        String onFailure, Duration lagAlarm, boolean heals, boolean hooksHold) {

    /**
     * A folder directly in a target, there only while large files are on their way to it. Of this name nothing is mirrored,
     * whatever it is and however deep it lies, so that a target may be the source of another mirror, and no link of that name
     * can come to be there.
     */
    public static final String HOLDING = ".~dromedary~";

    /** The folder directly in a target that its releases are in. */
    public static final String RELEASES = "releases";

    /** The link directly in a target to the release that is shown. */
    public static final String CURRENT = "current";

    private static final Map<String, String> COPIED = new TreeMap<>(Map.of("-A", "--acls", "-X", "--xattrs", "-L", "--copy-links",
            "-k", "--copy-dirlinks", "--copy-unsafe-links", "--copy-unsafe-links"));

    /** A run is kept ready however long ago the last change was. */
    public static final Duration ALWAYS = Duration.ofDays(100 * 365);

    /** Keeps copies of the lists. */
    public Target {
        rsyncOptions = List.copyOf(rsyncOptions);
        filter = List.copyOf(filter);
        last = List.copyOf(last);
    }

    /** {@return whether rsync is told to keep names of one file one file, of those that travel together} */
    public boolean joinsHardLinks() {
        return UserRsyncOptions.has(rsyncOptions, "-H", "--hard-links");
    }

    /** {@return whether rsync is told to copy what links to folders lead to, of all or of some} */
    public boolean copiesBehindLinks() {
        return UserRsyncOptions.has(rsyncOptions, "-L", "--copy-links", "-k", "--copy-dirlinks", "--copy-unsafe-links");
    }

    /** {@return whether some paths travel after all others, and deletions after those} */
    public boolean isOrdered() {
        return !last.isEmpty();
    }

    /** {@return the options of rsync's without which a copy of a file on this machine would lack what the target is to have} */
    public List<String> optionsOfACopy() {
        List<String> options = new ArrayList<>();
        COPIED.forEach((name, other) -> {
            if (UserRsyncOptions.has(rsyncOptions, name, other)) {
                options.add(other);
            }
        });
        return options;
    }

    /** {@return {@code mirror/name}, by which it is known in the log, the status and the state folder} */
    public String id() {
        return mirror + "/" + name;
    }
}
