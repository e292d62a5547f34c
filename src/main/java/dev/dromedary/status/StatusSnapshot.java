package dev.dromedary.status;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.dromedary.hosts.HostLists;
import dev.dromedary.pair.PairRole;
import dev.dromedary.release.ReleaseStatus;
import dev.dromedary.rsync.RunStats;
import dev.dromedary.rsync.TamperHealing;
import dev.dromedary.rsync.TransferProgress;
import dev.dromedary.topic.Agents;

/**
 * The state of all mirrors at one moment. The page, the JSON, the command line and the metrics are made from it.
 *
 * @param at      the moment
 * @param program the description of this program
 * @param role    the role of this process in its pair; null if it is alone
 * @param mirrors sorted by name, as are the targets of each
 */
record StatusSnapshot(Instant at, ProgramInfo program, PairRole role, List<OfMirror> mirrors) {

    /**
     * A source and its targets.
     *
     * @param watch null if the system's own watch is not used
     * @param topic what an agent follows in place of a watch; null if this is no agent
     * @param agents the agents that follow what is published; null if nothing is published
     * @param hosts the state of the host list, for targets that come and go; null if there are none
     */
    record OfMirror(String name, String source, Watch watch, Topic topic, Followers agents, HostLists.Standing hosts, List<OfTarget> targets) {
    }

    /**
     * The agents that follow what is published.
     *
     * @param fault why their state is not known now; null if it is known
     * @param all   by their names
     */
    record Followers(String fault, List<Agents.Agent> all) {
    }

    /**
     * The state of the watch of a source.
     *
     * @param by         inotify or fanotify; null if it is not watched at the moment
     * @param whole      whether every folder is watched
     * @param watched    number of folders; null if they are not counted, as with fanotify
     * @param unwatched  number of folders that should be watched and are not
     * @param notWatched some of these, by their paths in the source, with the reason; folders below them are not named
     * @param events     number of events that the kernel has reported so far
     * @param overflows  how often the kernel's queue overflowed
     * @param lastCookie when the watch last proved that it works; null if it has not yet
     * @param fault      why the source is not what it was; null if it is unchanged
     */
    record Watch(String by, boolean whole, Integer watched, int unwatched, Map<String, String> notWatched, long events, long overflows, Instant lastCookie,
            String fault) {
    }

    /**
     * The topic that an agent follows.
     *
     * @param uri        the endpoint, without options
     * @param fault      why it can't be followed, or that its source sends no heartbeat; null if all is well
     * @param up         whether it is followed, and its source sends heartbeats
     * @param assigned   whether this process is the one of its group that reads it
     * @param lastRecord when the last record of the mirror was read; null if none was
     */
    record Topic(String uri, String fault, boolean up, boolean assigned, Instant lastRecord) {

        /** Returns the age of the last record; null if there was none. */
        Duration silence(Instant at) {
            return lastRecord == null ? null : lastRecord.isAfter(at) ? Duration.ZERO : Duration.between(lastRecord, at);
        }
    }

    /**
     * A target.
     *
     * @param state         in one word
     * @param reason        why it is not live, in plain words; null if there is no reason
     * @param stateSince    since when it is in a state that a person has to know of; null in other states
     * @param ends          how that state ends, and what a person can do; null if nothing has to be done
     * @param failed        what could not be sent for a reason of its own; null if nothing failed
     * @param attempts      number of attempts since it went away; null if it is not away
     * @param nextAttempt   when something is tried again; null if nothing waits
     * @param pending       number of entries that have not arrived
     * @param pendingSince  the time of the oldest pending change; null if there is none, and if another process leads
     * @param deadLetters   number of records on disk
     * @param deadLetterReason why the first of the waiting letters waits; null if none waits
     * @param past          the results of its runs
     * @param verification  the last comparison by content that was asked for; null if there was none
     * @param releases      the state of its releases; null if it gets none
     * @param healed        what others had changed there and was restored; null if it is not watched
     */
    record OfTarget(String mirror, String name, String url, TargetStateLabel state, String reason, Instant stateSince, String ends,
            Failed failed, Integer attempts,
            Instant nextAttempt, int pending, Instant pendingSince, int deadLetters, String deadLetterReason, Past past,
            ChecksumVerification.Result verification, ReleaseStatus releases, TamperHealing.Healed healed) {

        /** mirror/target. */
        String id() {
            return mirror + '/' + name;
        }

        /** Returns the age of the oldest change that has not arrived. */
        Duration lag(Instant at) {
            return pendingSince == null || pendingSince.isAfter(at) ? Duration.ZERO : Duration.between(pendingSince, at);
        }
    }

    /**
     * Paths that can't be sent, though the target is reachable.
     *
     * @param paths  number of paths
     * @param since  when one of them was first tried
     * @param some   the first of them
     * @param reason the reason
     * @param next   when they are tried again
     */
    record Failed(int paths, Instant since, List<String> some, String reason, Instant next) {
    }

    /**
     * The results of a target's runs since the start.
     *
     * @param present       the runs in progress
     * @param lastArrival   when a run last transferred something; null if none has
     * @param lastReconcile the last run that compared the whole tree; null if none has ended
     * @param totals        of all runs that have ended
     */
    record Past(List<Present> present, Instant lastArrival, Reconcile lastReconcile, Totals totals) {
    }

    /**
     * A run in progress.
     *
     * @param way     the kind of run: "live", "attributes", "whole" for the whole source and the like
     * @param trees   whether it walks whole trees
     * @param paths   number of entries that were pending
     * @param path    the path that it sends, safe to show, if it is only one; otherwise null
     * @param started when it started
     * @param advance its progress
     */
    record Present(String way, boolean trees, int paths, String path, Instant started, TransferProgress advance) {
    }

    /**
     * A comparison of the whole tree that has ended.
     *
     * @param ended     when it ended
     * @param took      how long it took
     * @param byContent whether files were compared by content
     * @param outcome   its outcome, in small letters
     * @param reason    why the outcome was not "arrived"; null if it was
     * @param figures   what it transferred
     */
    record Reconcile(Instant ended, Duration took, boolean byContent, String outcome, String reason, RunStats figures) {
    }

    /**
     * Sums since the start.
     *
     * @param runs     number of runs that have ended
     * @param files    number of files whose content was sent
     * @param bytes    size of these files
     * @param sent     bytes sent to the other side over the wire
     * @param received bytes received from there over the wire
     * @param deletes  entries deleted at the target
     * @param failures runs that did not transfer everything, by cause
     */
    record Totals(long runs, long files, long bytes, long sent, long received, long deletes, Map<String, Long> failures) {
    }
}
