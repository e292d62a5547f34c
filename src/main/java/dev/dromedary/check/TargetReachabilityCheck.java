package dev.dromedary.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.config.TargetUrl.Kind;
import dev.dromedary.rsync.ExitDiagnosis;
import dev.dromedary.rsync.RsyncVersion;
import dev.dromedary.rsync.TargetGuard;
import dev.dromedary.rsync.TargetProbe;

/** Checks whether each target is reachable and grants access, by an rsync with an empty list. */
final class TargetReachabilityCheck {

    private final Settings settings;

    TargetReachabilityCheck(Settings settings) {
        this.settings = settings;
    }

    static boolean isUsable() {
        try {
            RsyncVersion.probe();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    List<CheckFinding> look() throws IOException, InterruptedException {
        List<CheckFinding> findings = new ArrayList<>();
        for (Mirror mirror : settings.mirrors()) {
            for (Target target : mirror.compared()) {
                String what = (mirror.isPulled() ? "source of " : "target ") + target.id();
                String fault = TargetGuard.fault(mirror, target, settings.stateDir());
                if (fault != null) {
                    findings.add(CheckFinding.wrong(what, fault, null));
                    continue;
                }
                Optional<CheckFinding> closed = closed(what, mirror, target);
                if (closed.isPresent()) {
                    findings.add(closed.get());
                    continue;
                }
                ExitDiagnosis verdict = TargetProbe.of(mirror, target);
                if (verdict == null && !TargetProbe.isMarked(mirror, target)) {
                    findings.add(CheckFinding.wrong(what, target.url().text() + ": there is no file " + target.targetMarker()
                            + " (target-marker), so nothing is written there", "see that its disk is mounted, or make that file there"));
                    continue;
                }
                findings.add(verdict == null ? CheckFinding.ok(what, target.url().text() + " answers and lets us in" + hint(mirror, target))
                        : CheckFinding.wrong(what, target.url().text() + ": " + verdict.cause(), verdict.remedy().isEmpty() ? null
                                : verdict.remedy()));
            }
        }
        return findings;
    }

    // finds local folders that can't be written to; rsync with an empty list does not notice that
    private static Optional<CheckFinding> closed(String what, Mirror mirror, Target target) {
        if (mirror.isPulled() || target.url().kind() != Kind.LOCAL) {
            return Optional.empty();
        }
        Path folder = Path.of(target.url().path()).toAbsolutePath().normalize();
        Path above = folder.getParent();
        if (!Files.exists(folder) && above != null && !Files.exists(above)) {
            return Optional.of(CheckFinding.wrong(what, target.url().text() + ": the folder above it, " + above + ", is not there", "mkdir -p "
                    + above + "; only the last folder is made by itself"));
        }
        Path written = Files.exists(folder) ? folder : above;
        return Files.isWritable(written) ? Optional.empty() : Optional.of(CheckFinding.wrong(what, target.url().text() + ": this user may not write into "
                + written, "give the user that Dromedary runs as the right to, or if its file system is read-only, mount it read-write"));
    }

    // a dry run takes the same time with and without TCP_NODELAY; only a run that writes would show the difference (tcp(7))
    private static String hint(Mirror mirror, Target target) throws IOException, InterruptedException {
        String daemon = target.url().kind() == Kind.DAEMON ? "; if its rsyncd.conf has no socket options = TCP_NODELAY, that line saves some"
                + " 80 ms a run" : "";
        if (target.releases() != null) {
            daemon += "; for releases it has to let its folders be listed" + (target.url().kind() == Kind.DAEMON ? ", and to leave links as they"
                    + " are: use chroot = yes, or munge symlinks = no" : "");
        }
        int seconds = TargetProbe.coarseness(mirror, target);
        if (seconds > 0) {
            daemon += "; its file system keeps times of " + (seconds == 1 ? "whole" : "every other") + " seconds, so that all files differ and"
                    + " are sent again with each comparison of the whole tree: set rsync-options = --modify-window=" + seconds;
        }
        return TargetProbe.deletesMissing(mirror, target) ? daemon
                : daemon + "; the rsync there takes no list that names what is gone, so the folders of that are compared instead";
    }
}
