package dev.dromedary.rsync;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.change.Lane;
import dev.dromedary.config.Target;
import dev.dromedary.config.TargetUrl.Kind;

/**
 * The part of rsync's arguments that a target's configuration decides; what is the same for all stands in
 * {@code routes/sync.camel.yaml}. As one text, for camel-exec: each argument is quoted as far as it needs to be.
 */
public final class RsyncArguments {

    // one connection for all runs; if the other side is gone it ends after half a minute, and the next run makes another
    private static final String SHARED = " -o ControlMaster=auto -o ControlPath=%s/%%C -o ControlPersist=10m"
            + " -o ServerAliveInterval=10 -o ServerAliveCountMax=3";

    private RsyncArguments() {
    }

    /** How far rsync looks into what is listed, and how it finds what differs. */
    public static String how(Lane lane) {
        return switch (lane) {
            case LIVE -> "--no-recursive --dirs --ignore-times";
            case ATTRIBUTES -> "--no-recursive --dirs";
            case BULK -> "--recursive";
        };
    }

    /** What is done with paths that are gone (rsync(1), --delete-missing-args). */
    public static String deletion(Target target, Lane lane, RsyncVersion rsync) {
        boolean deletes = switch (target.delete()) {
            case TRUE -> true;
            case FALSE -> false;
            case LIVE -> lane != Lane.BULK;
            case RECONCILE -> lane == Lane.BULK;
        };
        if (!deletes) {
            return "--ignore-missing-args";
        }
        List<String> arguments = new ArrayList<>(List.of("--delete", "--force"));
        if (rsync.deletesMissingArgs()) {
            arguments.add("--delete-missing-args");
        }
        if (target.maxDelete() != null) {
            arguments.add("--max-delete=" + target.maxDelete());
        }
        return text(arguments);
    }

    /**
     * How the target is reached, and what the user added.
     *
     * @param rules    the file with the filter rules, each ended by a NUL; null if there are none
     * @param controls a folder for the sockets of ssh's shared connections; its path is short
     */
    public static String options(Target target, Path rules, Path controls) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--timeout=" + Math.max(1, target.timeout().toSeconds()));
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
            arguments.add("--filter=merge " + rules);
        }
        arguments.addAll(target.rsyncOptions());
        return text(arguments);
    }

    /** Where to, the last argument. */
    public static String destination(Target target) {
        return quote(target.url().destination());
    }

    private static String text(List<String> arguments) {
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
