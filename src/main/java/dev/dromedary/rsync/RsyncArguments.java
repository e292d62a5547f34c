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
 * Builds the rsync arguments that depend on a target's configuration. The arguments that are the same for all targets are in
 * {@code routes/sync.camel.yaml}.
 */
public final class RsyncArguments {

    // one connection for all runs; if the other side is gone it ends after half a minute, and the next run makes another
    private static final String SHARED = " -o ControlMaster=auto -o ControlPath=%s/%%C -o ControlPersist=10m"
            + " -o ServerAliveInterval=10 -o ServerAliveCountMax=3";

    private static final Pattern SHARING = Pattern.compile(" -o ControlMaster=auto -o ControlPath=\\S+ -o ControlPersist=10m");

    private static final Pattern OWNERS_AND_MODES = Pattern.compile("(?:-M|--remote-option=)*--(?:chmod|chown|usermap|groupmap)=");

    // options about how to reach the target, not about what is sent
    private static final Pattern REACHING = Pattern.compile("-M|-[46s]+$|--(?:remote-option|rsync-path|protocol|address|sockopts|blocking-io"
            + "|no-blocking-io|outbuf|iconv|ipv4|ipv6|protect-args|secluded-args)(?:=|$)");

    private RsyncArguments() {
    }

    /** Returns the arguments for the depth of listed paths, for the detection of differences, and for large files. */
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

    /** Returns the arguments for the depth of listed paths and for the detection of differences. */
    public static List<String> howToPull(TransferClass lane) {
        return switch (lane) {
            case LIVE, MOVED, LARGE, LAST -> List.of("--no-recursive", "--dirs", "--ignore-times");
            case ATTRIBUTES, LARGE_ATTRIBUTES -> List.of("--no-recursive", "--dirs");
            case BULK -> List.of("--recursive");
            // both together: nothing is transferred except the attributes of folders
            case GONE -> List.of("--no-recursive", "--dirs", "--existing", "--ignore-existing");
        };
    }

    /**
     * Returns the arguments that write a file in a separate folder until it is complete, where no other run takes it for a file that is not
     * in the source. What an interrupted run has transferred stays there, and the next run resumes from it.
     */
    static List<String> holding(Target target) {
        return holding(target, there(target, Target.HOLDING));
    }

    private static List<String> holding(Target target, String folder) {
        // a file that is written in place is resumed anyway, and rsync accepts only one of the two
        return target.rsyncOptions().contains("--inplace") ? List.of("--no-whole-file")
                : List.of("--no-whole-file", "--temp-dir=" + folder, "--partial-dir=" + folder);
    }

    /** Returns the arguments of {@link #how} for a run that fetches into a local folder. */
    public static List<String> howToPull(TransferClass lane, Target target, Path folder) {
        List<String> how = new ArrayList<>(howToPull(lane));
        how.addAll(switch (lane) {
            case LARGE, LARGE_ATTRIBUTES -> holding(target, folder + "/" + Target.HOLDING);
            default -> List.of("--max-size=" + target.largeFile());
        });
        return how;
    }

    /**
     * Returns the options for the run that makes the folder for large files: how to reach the target, and the user's own options except
     * those about owners and modes. That folder belongs to the user who writes there, and to nobody else.
     */
    public static List<String> optionsOfHolding(Target target, Path controls) {
        return options(target, null, controls).stream().filter(option -> !OWNERS_AND_MODES.matcher(option).lookingAt()).toList();
    }

    /** Returns a path at the target in the form that rsync takes in an option there. For a daemon it is relative to the module. */
    public static String there(Target target, String path) {
        String top = target.url().path();
        String base = target.url().kind() != Kind.DAEMON ? top : top.indexOf('/') < 0 ? "" : top.substring(top.indexOf('/'));
        return (base.endsWith("/") ? base : base + '/') + path;
    }

    /** Returns the arguments for paths that are gone (rsync(1), --delete-missing-args). */
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

    /** Returns the arguments for paths that are gone where some paths travel last, so that nothing is deleted before them. */
    public static List<String> deletionLater() {
        // a file that is in the way of another kind of file is still deleted
        return List.of("--force", "--ignore-missing-args");
    }

    /** Returns the limit of deletions of a run, in case there are more than were counted before ({@link MaxDeleteGuard}). */
    public static List<String> limit(Target target) {
        return target.maxDelete() == null ? List.of() : List.of("--max-delete=" + target.maxDelete());
    }

    /**
     * Returns all arguments of a run that deletes listed paths that are gone. Empty if this rsync can't do that, or if the number of
     * deletions is limited.
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

    /** Returns the arguments with a separate ssh connection, which leaves no socket behind. */
    static List<String> alone(List<String> arguments) {
        return new ArrayList<>(arguments.stream().map(argument -> SHARING.matcher(argument).replaceAll(" -o ControlPath=none"))
                .toList());
    }

    /** Returns the source and the destination for an rsync that runs in the mirror's folder. */
    public static List<String> places(Mirror mirror, Target target) {
        return mirror.isPulled() ? List.of(target.url().destination(), "./") : List.of("./", target.url().destination());
    }

    /**
     * How long a run by content may show no activity: while a file is read for its checksum, neither side sends anything. An hour is enough
     * for a file of some 300 GB on a disk.
     */
    private static final Duration CONTENT_TIMEOUT = Duration.ofHours(1);

    /** {@return how long a run by content of this target may show no activity} */
    public static Duration patience(Target target) {
        return target.timeout().compareTo(CONTENT_TIMEOUT) < 0 ? CONTENT_TIMEOUT : target.timeout();
    }

    /** Returns {@link #options(Target, Duration, Path, Path)} with the target's own timeout. */
    public static List<String> options(Target target, Path rules, Path controls) {
        return options(target, target.timeout(), rules, controls);
    }

    /**
     * Returns the options for reaching the target, and the user's own options.
     *
     * @param timeout  the run ends after this time without activity
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
            // in deeper folders, a path that is excluded at the source would keep its folder from being deleted
            arguments.add("--filter=protect /" + Target.HOLDING);
            arguments.add("--filter=risk " + Target.HOLDING);
            arguments.add("--filter=merge " + rules);
        }
        arguments.addAll(target.rsyncOptions());
        return arguments;
    }

    /**
     * Returns the options for reaching the target, and those of the user's options that concern this. They are for transfers of other files
     * than the source's.
     *
     * @param timeout  the run ends after this time without activity
     * @param controls a folder for the sockets of ssh's shared connections
     */
    public static List<String> reach(Target target, Duration timeout, Path controls) {
        List<String> own = target.rsyncOptions();
        List<String> all = options(target, timeout, null, controls);
        return Stream.concat(all.stream().limit(all.size() - own.size()), own.stream().filter(option -> REACHING.matcher(option).lookingAt()))
                .toList();
    }

    /** Returns {@link #places} for a comparison: for a target with releases, the destination is the current release. */
    public static List<String> compared(Mirror mirror, Target target) {
        return target.releases() == null ? places(mirror, target) : List.of("./", target.url().destination() + Target.CURRENT + '/');
    }

    /** Joins arguments for the endpoint of camel-exec, quoted where necessary. */
    public static String text(List<String> arguments) {
        return String.join(" ", arguments.stream().map(RsyncArguments::quote).toList());
    }

    // camel-exec knows both quotes and no escape, so the configuration refuses values that contain both
    private static String quote(String argument) {
        if (argument.indexOf(' ') < 0 && argument.indexOf('"') < 0 && argument.indexOf('\'') < 0) {
            return argument;
        }
        char quote = argument.indexOf('"') < 0 ? '"' : '\'';
        return quote + argument + quote;
    }
}
