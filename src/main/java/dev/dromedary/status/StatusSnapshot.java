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
 * How all mirrors stand at one moment: what the page, the JSON, the command line and the metrics are made from.
 *
 * @param at      the moment
 * @param program which program this is
 * @param role    what this process is in its pair; null if it is alone
 * @param mirrors by name, and so are the targets of each
 */
record StatusSnapshot(Instant at, ProgramInfo program, PairRole role, List<OfMirror> mirrors) {

    /**
     * A source and its targets.
     *
     * @param watch null where the system's own watch is not used
     * @param topic what an agent follows in place of a watch; null if this is none
     * @param agents who follows what is published; null if nothing is
     * @param hosts who names the hosts of targets that come and go; null if none do
     */
    record OfMirror(String name, String source, Watch watch, Topic topic, Followers agents, HostLists.Standing hosts, List<OfTarget> targets) {
    }

    /**
     * Who follows what is published.
     *
     * @param fault why it is not known how they stand now; null if it is
     * @param all   by their names
     */
    record Followers(String fault, List<Agents.Agent> all) {
    }

    /**
     * How well a source is watched.
     *
     * @param by         inotify or fanotify; null if it is not watched just now
     * @param whole      whether every folder is
     * @param watched    folders; null where they are not counted, as by fanotify
     * @param unwatched  folders that should be and are not
     * @param notWatched some of them, by their paths in the source, and why; those below them are not named
     * @param events     that the kernel has told of so far
     * @param overflows  how often the kernel's queue ran over
     * @param lastCookie when the watch last proved that it is alive; null if it has not yet
     * @param fault      why the source is not what it was; null if it is
     */
    record Watch(String by, boolean whole, Integer watched, int unwatched, Map<String, String> notWatched, long events, long overflows, Instant lastCookie,
            String fault) {
    }

    /**
     * What an agent follows.
     *
     * @param uri        the endpoint, without options
     * @param fault      why it can't be followed, or its source is not heard of; null if all is well
     * @param up         whether it is followed, and its source heard of
     * @param assigned   whether this process is the one of its group that reads it
     * @param lastRecord when the last record of the mirror was read; null if none was
     */
    record Topic(String uri, String fault, boolean up, boolean assigned, Instant lastRecord) {

        /** The age of the last record; null if there was none. */
        Duration silence(Instant at) {
            return lastRecord == null ? null : lastRecord.isAfter(at) ? Duration.ZERO : Duration.between(lastRecord, at);
        }
    }

    /**
     * A target.
     *
     * @param state         in a word
     * @param reason        why it is not live, in plain words; null if there is nothing to say
     * @param stateSince    since when it is in a state that a person has to know of; null where that is not so
     * @param ends          how that ends, and what a person can do; null if nothing has to be done
     * @param failed        what could not be carried for a reason of its own; null if nothing
     * @param attempts      how often it was tried since it went away; null if it is not away
     * @param nextAttempt   when something is tried again; null if nothing waits
     * @param pending       entries that have not arrived
     * @param pendingSince  the moment of the oldest change among them; null if there is none, and where another process carries
     * @param deadLetters   records on disk
     * @param deadLetterReason why the first of those that wait does; null if none waits
     * @param past          what has become of its runs
     * @param verification  the last comparison by content that was asked for; null if none was
     * @param releases      how it stands with its releases; null if it gets none
     * @param healed        what others have changed there and was brought back; null if it is not watched
     */
    record OfTarget(String mirror, String name, String url, TargetStateLabel state, String reason, Instant stateSince, String ends,
            Failed failed, Integer attempts,
            Instant nextAttempt, int pending, Instant pendingSince, int deadLetters, String deadLetterReason, Past past,
            ChecksumVerification.Result verification, ReleaseStatus releases, TamperHealing.Healed healed) {

        /** mirror/target. */
        String id() {
            return mirror + '/' + name;
        }

        /** The age of the oldest change that has not arrived. */
        Duration lag(Instant at) {
            return pendingSince == null || pendingSince.isAfter(at) ? Duration.ZERO : Duration.between(pendingSince, at);
        }
    }

    /**
     * Paths that can't be carried, though the target can be reached.
     *
     * @param paths  how many
     * @param since  when one of them was first tried
     * @param some   the first of them
     * @param reason why
     * @param next   when they are tried again
     */
    record Failed(int paths, Instant since, List<String> some, String reason, Instant next) {
    }

    /**
     * What has become of a target's runs since the start.
     *
     * @param present       those that are under way
     * @param lastArrival   when a run last brought something; null if none has
     * @param lastReconcile the last run that compared the whole tree; null if none has ended
     * @param totals        of all runs that have ended
     */
    record Past(List<Present> present, Instant lastArrival, Reconcile lastReconcile, Totals totals) {
    }

    /**
     * A run that is under way.
     *
     * @param way     how it is carried: "live", "attributes", "whole" for the whole source and the like
     * @param trees   whether it looks through whole trees
     * @param paths   entries that were pending
     * @param path    what it carries, fit to be shown, if that is one path; else null
     * @param started when
     * @param advance how far it is
     */
    record Present(String way, boolean trees, int paths, String path, Instant started, TransferProgress advance) {
    }

    /**
     * A comparison of the whole tree that has ended.
     *
     * @param ended     when
     * @param took      how long
     * @param byContent whether files were compared by content
     * @param outcome   what it ended with, in small letters
     * @param reason    why that was not "arrived"; null if it was
     * @param figures   what it brought
     */
    record Reconcile(Instant ended, Duration took, boolean byContent, String outcome, String reason, RunStats figures) {
    }

    /**
     * Sums since the start.
     *
     * @param runs     that have ended
     * @param files    whose content was sent
     * @param bytes    of these files
     * @param sent     bytes over the wire to the other side
     * @param received bytes over the wire from there
     * @param deletes  entries deleted at the target
     * @param failures runs that did not bring everything, by cause
     */
    record Totals(long runs, long files, long bytes, long sent, long received, long deletes, Map<String, Long> failures) {
    }
}
