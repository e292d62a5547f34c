package dev.dromedary.rsync;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import dev.dromedary.backlog.RunOutcome;

import static dev.dromedary.backlog.RunOutcome.ARRIVED;
import static dev.dromedary.backlog.RunOutcome.AWAY;
import static dev.dromedary.backlog.RunOutcome.BUSY;
import static dev.dromedary.backlog.RunOutcome.FULL;
import static dev.dromedary.backlog.RunOutcome.HALTED;
import static dev.dromedary.backlog.RunOutcome.PARTLY;
import static dev.dromedary.backlog.RunOutcome.REFUSED;

/**
 * Maps each way in which rsync can end to its meaning: the exit codes of rsync(1), EXIT VALUES, of ssh(1), and of a shell that does not
 * find a command. Where several causes share a code, the words in the output tell them apart. The first matching row decides.
 */
public final class ExitCodeTable {

    static final int NOT_ENTERED = 3;
    static final int CUT_OFF = 12;
    static final int VANISHED = 24;
    static final int TOO_MANY_DELETIONS = 25;

    private record Row(Set<Integer> codes, Pattern words, ExitDiagnosis verdict) {

        boolean fits(int exit, String said) {
            return codes.contains(exit) && (words == null || words.matcher(said).find());
        }
    }

    private static final ExitDiagnosis LOCKED = new ExitDiagnosis(AWAY, "rrsync at the target lets in one run at a time, and there are several",
            "add -no-lock behind rrsync in authorized_keys there");
    private static final ExitDiagnosis TOO_MANY = new ExitDiagnosis(AWAY, "the target has too many connections", "it is waited for");
    private static final ExitDiagnosis OVER_LIMIT = new ExitDiagnosis(HALTED, "more was to be deleted than max-delete allows",
            "if they are meant, resume it; if not, bring the files back first");
    // the codes of runs that failed before any path was named; a path could look like any message
    private static final Set<Integer> CONNECTING = Set.of(5, 10, 12, 14, 255);

    private static final List<Row> ROWS = List.of(
            // a daemon at the other side prints this and still ends with 0 (measured with 3.5.0)
            new Row(Set.of(0, 23, TOO_MANY_DELETIONS), Pattern.compile("^Deletions stopped due to --max-delete limit", Pattern.MULTILINE), OVER_LIMIT),
            new Row(Set.of(TOO_MANY_DELETIONS), null, OVER_LIMIT),
            row(0, ARRIVED, "all of it arrived", ""),
            row(VANISHED, ARRIVED, "some of it vanished while it was read", ""),

            row(Set.of(11, 12, 22, 23), ": (No space left on device|Disk quota exceeded) \\(\\d+\\)$", FULL, "the target has no room left",
                    "make room there; what fits is still sent"),
            row(Set.of(11, 23), ": Read-only file system \\(\\d+\\)$", REFUSED, "the target's file system is read-only",
                    "mount it read-write"),
            row(11, "mkdir .* failed: No such file or directory \\(\\d+\\)$", REFUSED, "the folder above the target is missing",
                    "make it; rsync makes only the last one by itself"),
            row(11, "mkdir .* failed: (File exists|Not a directory) \\(\\d+\\)$", REFUSED, "a file or a link that leads nowhere is in the"
                    + " target's path", "see what is at the path in rsync's words"),
            row(11, ": (Permission denied|Operation not permitted) \\(\\d+\\)$", REFUSED, "nothing may be written at the target",
                    "give the user who writes there the right to write"),
            row(11, FULL, "the target could not write, its disk may be full", "look at its disk"),
            row(23, "^filename overflows max-path len", PARTLY, "a path is longer than rsync takes and is NOT mirrored",
                    "shorten it, or mirror a folder further down; until then a reconcile deletes nothing"),
            row(23, "^rsync: (\\[\\w+\\] )?failed to set permissions on \"([^\"]*/)?\\.~dromedary~\"( \\(in [^\"]*\\))?: ",
                    PARTLY, "the folder .~dromedary~ at the target belongs to somebody else, so no large file is written",
                    "remove it there"),
            row(23, "^ERROR: daemon refused to receive ", PARTLY, "the daemon's module leaves out what is mirrored", "exclude the same here, or"
                    + " take it out of \"exclude\" in its rsyncd.conf"),
            row(23, "^rsync: \\[sender\\] .*: Permission denied \\(\\d+\\)$", PARTLY, "some paths could not be transferred, as they may not be read",
                    "let the user that reads the source read what rsync names, or exclude it"),
            row(23, "^rsync: \\[(receiver|generator)\\] .*: (Permission denied|Operation not permitted) \\(\\d+\\)$", PARTLY,
                    "some paths could not be transferred, as they may not be written at the target",
                    "let the user who writes there write what rsync names"),
            row(23, PARTLY, "some paths could not be transferred", "see rsync's words"),

            row(3, "destination must be a directory", REFUSED, "the target is a file", "name a folder"),
            row(3, HALTED, "the source or the target could not be entered", "see rsync's words"),

            row(1, "module is read only", REFUSED, "the module is read-only", "set \"read only = no\" in its rsyncd.conf"),
            row(Set.of(1, 5), "password file|password_file", REFUSED, "the password file can't be used",
                    "see rsync's words"),
            row(1, REFUSED, "rsync does not take its options", "look at rsync-options, and at rsync's version on both sides"),
            row(2, "invalid path from sender", AWAY, "a folder was replaced while rsync read it", ""),
            row(2, REFUSED, "the two rsyncs do not understand each other",
                    "over ssh, see that the login prints nothing; else bring both to a like version"),
            row(4, "configured to refuse ", REFUSED, "the daemon refuses an option that is needed",
                    "take it out of \"refuse options\" in its rsyncd.conf"),
            row(4, "^pre-xfer exec returned failure", AWAY, "the program that the daemon runs before each transfer said no", "see \"pre-xfer"
                    + " exec\" in its rsyncd.conf"),
            row(4, REFUSED, "one of the two rsyncs can't do what is asked", "look at rsync-options, or update the older one"),

            row(5, "auth(entication)? failed", REFUSED, "the password or the user is wrong",
                    "look at password-file and the user, and at \"auth users\" and \"secrets file\" there"),
            new Row(Set.of(5), Pattern.compile("max connections"), TOO_MANY),
            row(5, "[Uu]nknown module", REFUSED, "the daemon has no such module", "look at the url, and at its rsyncd.conf"),
            row(5, "access denied", REFUSED, "the daemon does not let this machine in", "look at \"hosts allow\" there"),
            row(5, "(chdir|chroot) failed", REFUSED, "the module's folder is not there", "make or mount it there"),
            row(5, "module is read only", REFUSED, "the module is read-only", "set \"read only = no\" in its rsyncd.conf"),
            row(5, AWAY, "the daemon broke off", ""),

            row(CONNECTING, "^\\S*rrsync error: invalid rsync-command syntax or options", REFUSED,
                    "rrsync at the target does not take all options", "rsync-options = --modify-window=0"),
            new Row(CONNECTING, Pattern.compile("Another instance of rrsync"), LOCKED),
            row(CONNECTING, "Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED", REFUSED,
                    "ssh does not know the target's host key, or another one",
                    "if it is the right machine, put its key into known_hosts: ssh-keyscan HOST"),
            row(255, "Permission denied|Too many authentication failures", REFUSED, "ssh is not let in",
                    "put the public key into authorized_keys there, and name the private one: ssh-options = -i FILE"),
            row(255, "Bad configuration option|Bad owner or permissions|unknown option|Bad port|no argument after", REFUSED,
                    "ssh does not take its options", "look at ssh-options and at its configuration file"),
            row(CONNECTING, "Could not resolve hostname|[Nn]ame or service not known|name resolution|nodename nor servname"
                    + "|No address associated", AWAY, "the target's name has no address", "look at the name, and at DNS"),
            row(CONNECTING, "[Cc]onnection refused", AWAY, "nobody listens there", ""),
            row(CONNECTING, "[Nn]o route to host|[Nn]etwork is unreachable", AWAY, "there is no way to the target", ""),
            row(255, "timed out|Timeout", AWAY, "ssh had no answer in time", ""),
            row(255, AWAY, "ssh could not connect, or was cut off", ""),
            row(126, REFUSED, "rsync, or the shell at the target, may not be run", "see its rights"),
            row(127, REFUSED, "rsync is not found, here or at the target", "install the package rsync there"),

            // over ssh its own code, 1, does not reach this side (3.2.3); another rsync (gokr-rsync 0.3.8) does not print this line
            row(12, "^rsync error: syntax or usage error \\(code 1\\) at |: unknown option$", REFUSED, "the rsync at the target does not take an"
                    + " option", "look at rsync-options, or update it there"),
            row(6, AWAY, "the daemon could not write its log", "look at its log file"),
            row(10, "timed out", AWAY, "the target does not answer", ""),
            row(10, AWAY, "the connection failed", ""),
            row(12, AWAY, "the connection was cut off", ""),
            row(13, AWAY, "rsync failed in its own messages", ""),
            row(14, AWAY, "the processes of rsync lost each other", ""),
            row(20, AWAY, "rsync was ended by a signal", ""),
            row(21, AWAY, "rsync lost one of its processes", ""),
            row(22, AWAY, "rsync had no memory left", ""),
            row(30, AWAY, "there was no progress in time", ""),
            row(35, AWAY, "the daemon did not answer in time", ""));

    private static final ExitDiagnosis UNKNOWN = new ExitDiagnosis(AWAY, "rsync ended in a way it has no name for", "");

    private ExitCodeTable() {
    }

    private static Row row(int code, RunOutcome outcome, String cause, String remedy) {
        return new Row(Set.of(code), null, new ExitDiagnosis(outcome, cause, remedy));
    }

    private static Row row(int code, String words, RunOutcome outcome, String cause, String remedy) {
        return row(Set.of(code), words, outcome, cause, remedy);
    }

    private static Row row(Set<Integer> codes, String words, RunOutcome outcome, String cause, String remedy) {
        return new Row(codes, Pattern.compile(words, Pattern.MULTILINE), new ExitDiagnosis(outcome, cause, remedy));
    }

    /** Returns the meaning of the end of a run that pulls. Many pulling runs may connect at once. */
    static ExitDiagnosis ofPull(int exit, String said) {
        ExitDiagnosis verdict = verdict(exit, said);
        return verdict == TOO_MANY ? new ExitDiagnosis(BUSY, "the source serves as many as it may", "this one waits for its turn") : verdict;
    }

    /** Returns whether it ended because it would have deleted more than {@code --max-delete} says. */
    static boolean isStoppedAtLimit(int exit, String said) {
        return verdict(exit, said) == OVER_LIMIT;
    }

    /** Returns whether it ended because the other side is serving others and admits no more at a time. */
    static boolean isOneAtATime(int exit, String said) {
        ExitDiagnosis verdict = verdict(exit, said);
        return verdict == TOO_MANY || verdict == LOCKED;
    }

    /**
     * Returns the meaning of an exit.
     *
     * @param exit rsync's exit code
     * @param said its error output
     */
    public static ExitDiagnosis verdict(int exit, String said) {
        return ROWS.stream().filter(row -> row.fits(exit, said)).map(Row::verdict).findFirst().orElse(UNKNOWN);
    }
}
