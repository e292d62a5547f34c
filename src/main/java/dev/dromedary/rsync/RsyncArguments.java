package dev.dromedary.rsync;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.dromedary.backlog.TransferClass;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Target;
import dev.dromedary.config.TargetUrl.Kind;

/**
 * The part of rsync's arguments that a target's configuration decides; what is the same for all stands in
 * {@code routes/sync.camel.yaml}.
 */
public final class RsyncArguments {

    // one connection for all runs; if the other side is gone it ends after half a minute, and the next run makes another
    private static final String SHARED = " -o ControlMaster=auto -o ControlPath=%s/%%C -o ControlPersist=10m"
            + " -o ServerAliveInterval=10 -o ServerAliveCountMax=3";

    private static final Pattern SHARING = Pattern.compile(" -o ControlMaster=auto -o ControlPath=\\S+ -o ControlPersist=10m");

    private static final Pattern OWNERS_AND_MODES = Pattern.compile("(?:-M|--remote-option=)*--(?:chmod|chown|usermap|groupmap)=");

    // what decides on how the target is reached, and not on what is sent
    private static final Pattern REACHING = Pattern.compile("-M|-[46s]+$|--(?:remote-option|rsync-path|protocol|address|sockopts|blocking-io"
            + "|no-blocking-io|outbuf|iconv|ipv4|ipv6|protect-args|secluded-args)(?:=|$)");

    private RsyncArguments() {
    }

    /** How far rsync looks into what is listed, how it finds what differs, and what it does with large files. */
    public static List<String> how(TransferClass lane, Target target) {
        List<String> how = new ArrayList<>(howToPull(lane));
        switch (lane) {
            case LARGE, LARGE_ATTRIBUTES -> how.addAll(holding(target));
            case LAST, GONE -> {
            }
            default -> how.add("--max-size=" + target.largeFile());
        }
        return how;
    }

    /** How far rsync looks into what is listed, and how it finds what differs. */
    public static List<String> howToPull(TransferClass lane) {
        return switch (lane) {
            case LIVE, MOVED, LARGE, LAST -> List.of("--no-recursive", "--dirs", "--ignore-times");
            case ATTRIBUTES, LARGE_ATTRIBUTES -> List.of("--no-recursive", "--dirs");
            case BULK -> List.of("--recursive");
            // both together: nothing is brought, but for what folders have of attributes
            case GONE -> List.of("--no-recursive", "--dirs", "--existing", "--ignore-existing");
        };
    }

    /**
     * Has a file written in a folder of its own until it is whole, where no other run takes it for something that is not in
     * the source; and what a run that is cut off has brought is kept there, for the next one to go on from.
     */
    static List<String> holding(Target target) {
        return holding(target, there(target, Target.HOLDING));
    }

    private static List<String> holding(Target target, String folder) {
        // what is written in place goes on from there by itself, and rsync takes only one of the two
        return target.rsyncOptions().contains("--inplace") ? List.of("--no-whole-file")
                : List.of("--no-whole-file", "--temp-dir=" + folder, "--partial-dir=" + folder);
    }

    /** As {@link #how}, of a run that fetches into a folder of this machine. */
    public static List<String> howToPull(TransferClass lane, Target target, Path folder) {
        List<String> how = new ArrayList<>(howToPull(lane));
        how.addAll(switch (lane) {
            case LARGE, LARGE_ATTRIBUTES -> holding(target, folder + "/" + Target.HOLDING);
            default -> List.of("--max-size=" + target.largeFile());
        });
        return how;
    }

    /**
     * How the target is reached by the run that makes the folder for large files, and what the user added, but for what
     * decides on owners and modes: that folder belongs to whoever writes there, and to nobody else.
     */
    public static List<String> optionsOfHolding(Target target, Path controls) {
        return options(target, null, controls).stream().filter(option -> !OWNERS_AND_MODES.matcher(option).lookingAt()).toList();
    }

    /** A path at the target as rsync there takes it for an option: a daemon counts from the module. */
    public static String there(Target target, String path) {
        String top = target.url().path();
        String base = target.url().kind() != Kind.DAEMON ? top : top.indexOf('/') < 0 ? "" : top.substring(top.indexOf('/'));
        return (base.endsWith("/") ? base : base + '/') + path;
    }

    /** What is done with paths that are gone (rsync(1), --delete-missing-args). */
    public static List<String> deletion(Target target, TransferClass lane, RsyncVersion rsync) {
        boolean deletes = switch (target.delete()) {
            case TRUE -> true;
            case FALSE -> false;
            case LIVE -> lane != TransferClass.BULK;
            case RECONCILE -> lane == TransferClass.BULK || lane == TransferClass.GONE;
        };
        if (!deletes) {
            return List.of("--ignore-missing-args");
        }
        List<String> arguments = new ArrayList<>(List.of("--delete", "--force"));
        if (rsync.deletesMissingArgs()) {
            arguments.add("--delete-missing-args");
        }
        return arguments;
    }

    /** The same where some paths travel last, so that nothing is deleted before them. */
    public static List<String> deletionLater() {
        // what is in the way of another kind of file goes all the same
        return List.of("--force", "--ignore-missing-args");
    }

    /** How many deletions a run may make at most, should more come to it than were counted before ({@link MaxDeleteGuard}). */
    public static List<String> limit(Target target) {
        return target.maxDelete() == null ? List.of() : List.of("--max-delete=" + target.maxDelete());
    }

    /**
     * All arguments of a run that deletes what is listed and gone; none if this rsync can't, or not more than a certain number
     * may be deleted.
     */
    public static List<String> deletionOfGone(Target target, RsyncVersion rsync, List<String> options) {
        if (target.maxDelete() != null || target.isOrdered() || !rsync.deletesMissingArgs()) {
            return List.of();
        }
        List<String> arguments = new ArrayList<>(List.of("--dirs", "--no-recursive", "--links", "--from0", "--files-from=-"));
        arguments.addAll(deletion(target, TransferClass.LIVE, rsync));
        arguments.addAll(options);
        arguments.add("./");
        arguments.add(target.url().destination());
        return arguments;
    }

    /** The same arguments, with a connection of ssh's own, which leaves no socket behind. */
    static List<String> alone(List<String> arguments) {
        return new ArrayList<>(arguments.stream().map(argument -> SHARING.matcher(argument).replaceAll(" -o ControlPath=none"))
                .toList());
    }

    /** From where to where, if rsync runs in the mirror's folder. */
    public static List<String> places(Mirror mirror, Target target) {
        return mirror.isPulled() ? List.of(target.url().destination(), "./") : List.of("./", target.url().destination());
    }

    /**
     * How long a run by content may show no sign of life: while a file is read for its checksum there is none, at either side. An hour is
     * a file of some 300 GB on a disk.
     */
    private static final Duration CONTENT_TIMEOUT = Duration.ofHours(1);

    /** {@return how long a run by content of this target may show no sign of life} */
    public static Duration patience(Target target) {
        return target.timeout().compareTo(CONTENT_TIMEOUT) < 0 ? CONTENT_TIMEOUT : target.timeout();
    }

    /** As {@link #options(Target, Duration, Path, Path)}, for a run that ends after the target's own time without a sign of life. */
    public static List<String> options(Target target, Path rules, Path controls) {
        return options(target, target.timeout(), rules, controls);
    }

    /**
     * How the target is reached, and what the user added.
     *
     * @param timeout  after how long without a sign of life it ends
     * @param rules    the file with the filter rules, each ended by a NUL; null if there are none
     * @param controls a folder for the sockets of ssh's shared connections; its path is short
     */
    public static List<String> options(Target target, Duration timeout, Path rules, Path controls) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--timeout=" + Math.max(1, timeout.toSeconds()));
        if (target.url().kind() == Kind.DAEMON) {
            arguments.add("--contimeout=" + Math.max(1, target.timeout().toSeconds()));
            // without it a run waits twice for the other side's delayed acknowledgement (tcp(7))
            arguments.add("--sockopts=TCP_NODELAY");
        }
        if (target.url().kind() == Kind.SSH) {
            // of several values ssh takes the first (ssh_config(5)), so the user's own come before ours
            arguments.add("--rsh=ssh" + (target.sshOptions().isBlank() ? "" : " " + target.sshOptions())
                    + (target.url().port() == null ? "" : " -p " + target.url().port())
                    + " -o BatchMode=yes" + SHARED.formatted(controls));
        }
        if (target.passwordFile() != null) {
            arguments.add("--password-file=" + target.passwordFile());
        }
        if (target.bandwidthLimit() != null) {
            arguments.add("--bwlimit=" + target.bandwidthLimit());
        }
        if (rules != null) {
            // further down, what is left out at the source would keep its folder from being deleted
            arguments.add("--filter=protect /" + Target.HOLDING);
            arguments.add("--filter=risk " + Target.HOLDING);
            arguments.add("--filter=merge " + rules);
        }
        arguments.addAll(target.rsyncOptions());
        return arguments;
    }

    /**
     * How the target is reached, and of what the user added just what concerns that: for what is sent besides the source.
     *
     * @param timeout  after how long without a sign of life it ends
     * @param controls a folder for the sockets of ssh's shared connections
     */
    public static List<String> reach(Target target, Duration timeout, Path controls) {
        List<String> own = target.rsyncOptions();
        List<String> all = options(target, timeout, null, controls);
        return Stream.concat(all.stream().limit(all.size() - own.size()), own.stream().filter(option -> REACHING.matcher(option).lookingAt()))
                .toList();
    }

    /** As {@link #places}, with what the target shows in place of the target itself: of one that gets releases, the current one. */
    public static List<String> compared(Mirror mirror, Target target) {
        return target.releases() == null ? places(mirror, target) : List.of("./", target.url().destination() + Target.CURRENT + '/');
    }

    /** Arguments as one text, for the endpoint of camel-exec: each is quoted as far as it needs to be. */
    public static String text(List<String> arguments) {
        return String.join(" ", arguments.stream().map(RsyncArguments::quote).toList());
    }

    // camel-exec knows both quotes and no escape, so the configuration refuses what holds both
    private static String quote(String argument) {
        if (argument.indexOf(' ') < 0 && argument.indexOf('"') < 0 && argument.indexOf('\'') < 0) {
            return argument;
        }
        char quote = argument.indexOf('"') < 0 ? '"' : '\'';
        return quote + argument + quote;
    }
}
