package dev.dromedary.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One place that a mirror is copied to, with the final value of every option: its own, its mirror's, or the default.
 *
 * @param mirror           the name of its mirror
 * @param name             letters, digits, "-" and "_"; unique in its mirror
 * @param url              its location
 * @param passwordFile     the daemon's password, absolute; {@code null} if there is none
 * @param sshOptions       options for ssh, as one text; empty if there are none
 * @param rsyncOptions     further options for rsync, a word each; none of them breaks the mirror's guarantees
 * @param window           the longest delay of a change before rsync starts, if the target is idle
 * @param maxDelay         after how long a file that stays open for writing is sent
 * @param poll             how often folders that can't be watched are compared
 * @param followsHardLinks whether all names of a file are sent when it changes
 * @param warm             how long after a change an rsync is kept ready for the next one; zero for never, or {@link #ALWAYS}
 * @param maxBacklog       maximum number of pending paths; beyond that, whole folders are pending
 * @param largeFile        the size in bytes from which a file is sent separately
 * @param filter           rsync filter rules, the first match decides: "+ PATTERN", "- PATTERN", "include PATTERN"
 *                         or "exclude PATTERN"
 * @param last             what is sent after everything else, as filter rules that exclude exactly that; empty: nothing
 * @param delete           when entries that are gone at the source are deleted at the target
 * @param firstRunDeletes  whether a first run may delete more than it sends, without asking
 * @param targetMarker     the name of a file that must exist at the target before anything is written; {@code null}: none
 * @param maxDelete        maximum number of deletions in one run; {@code null}: any number
 * @param maxChange        maximum number of entries that one run may change without approval; {@code null}: any number
 * @param releases         how many releases are kept there, instead of one live tree; {@code null}: it is a live tree
 * @param quiet            the time without a change after which a release is made; {@code null}: only on request
 * @param bandwidthLimit   as rsync's {@code --bwlimit}; {@code null}: none
 * @param timeout          the time without data after which rsync gives up; at least a second
 * @param reconcile        when the whole tree is compared, a Quartz cron expression; {@code null}: never
 * @param checksumReconcile the same for a comparison by content; {@code null}: never
 * @param reconcileOnStart whether the whole tree is compared at start
 * @param replay           when dead letters are tried again
 * @param retries          how often a failed run is repeated before it becomes a dead letter
 * @param retryDelay       how long to wait before a retry
 * @param before           a Camel endpoint URI that gets each window before it is sent; {@code null}: none
 * @param after            a Camel endpoint URI that gets each window once it has arrived; {@code null}: none
 * @param onFailure        who is notified when a target goes away and the like: a Camel endpoint URI, or the value of {@code notify}, which
 *                         begins with mailto:, http: or https:; {@code null}: nobody
 * @param lagAlarm         the age of the oldest change from which a notification is sent; {@code null}: never
 * @param heals            whether changes that others make there are reverted at once
 * @param hooksHold        whether a failure of before or after counts as a failure of the run
 */
public record Target(String mirror, String name, TargetUrl url, Path passwordFile, String sshOptions,
        List<String> rsyncOptions, Duration window, Duration maxDelay, Duration poll, boolean followsHardLinks, Duration warm, int maxBacklog, long largeFile,
        List<String> filter, List<String> last, Deletion delete,
        boolean firstRunDeletes, String targetMarker, Integer maxDelete, ChangeLimit maxChange, Integer releases, Duration quiet, String bandwidthLimit, Duration timeout, String reconcile, String checksumReconcile, boolean reconcileOnStart,
        Schedule replay, int retries, Duration retryDelay, String before, String after,
        String onFailure, Duration lagAlarm, boolean heals, boolean hooksHold) {

    /**
     * A folder at the top of a target, which exists only while large files are in flight. Nothing of this name is mirrored, of any type and
     * at any depth. So a target can be the source of another mirror, and no link of this name can get there.
     */
    public static final String HOLDING = ".~dromedary~";

    /** The folder at the top of a target that contains its releases. */
    public static final String RELEASES = "releases";

    /** The link at the top of a target to the release that is shown. */
    public static final String CURRENT = "current";

    private static final Map<String, String> COPIED = new TreeMap<>(Map.of("-A", "--acls", "-X", "--xattrs", "-L", "--copy-links",
            "-k", "--copy-dirlinks", "--copy-unsafe-links", "--copy-unsafe-links"));

    /** A run is kept ready, however long ago the last change was. */
    public static final Duration ALWAYS = Duration.ofDays(100 * 365);

    /** Keeps copies of the lists. */
    public Target {
        rsyncOptions = List.copyOf(rsyncOptions);
        filter = List.copyOf(filter);
        last = List.copyOf(last);
    }

    /** {@return whether rsync has to preserve hard links among files that are sent together} */
    public boolean joinsHardLinks() {
        return UserRsyncOptions.has(rsyncOptions, "-H", "--hard-links");
    }

    /** {@return whether rsync has to copy the folders that links lead to, for all or some links} */
    public boolean copiesBehindLinks() {
        return UserRsyncOptions.has(rsyncOptions, "-L", "--copy-links", "-k", "--copy-dirlinks", "--copy-unsafe-links");
    }

    /** {@return whether some paths are sent after all others, and deletions after those} */
    public boolean isOrdered() {
        return !last.isEmpty();
    }

    /** {@return the rsync options without which a local copy of a file would lack what the target should have} */
    public List<String> optionsOfACopy() {
        List<String> options = new ArrayList<>();
        COPIED.forEach((name, other) -> {
            if (UserRsyncOptions.has(rsyncOptions, name, other)) {
                options.add(other);
            }
        });
        return options;
    }

    /** {@return {@code mirror/name}, its id in the log, the status and the state folder} */
    public String id() {
        return mirror + "/" + name;
    }
}
