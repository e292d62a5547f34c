package dev.dromedary.check;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import dev.dromedary.config.PairOptions;
import dev.dromedary.config.Settings;
import dev.dromedary.pair.LockFolderCheck;
import dev.dromedary.pair.LockFolderFingerprint;
import dev.dromedary.rsync.RsyncVersion;

/** Checks rsync, the state folder, the clock and the locale. */
final class HostCheck {

    // a million dead paths take some 100 MB
    private static final long LITTLE_ROOM = 100L << 20;
    // no release of this program is older
    private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

    private HostCheck() {
    }

    static List<CheckFinding> look(Settings settings) {
        return CheckRunner.some(rsync(), room(settings.stateDir()), pair(settings.pair(), settings.stateDir()), clock(), locale());
    }

    private static CheckFinding rsync() {
        try {
            RsyncVersion version = RsyncVersion.probe();
            return version.deletesMissingArgs() ? CheckFinding.ok("rsync", "it is " + version)
                    : CheckFinding.advice("rsync", version + " has a broken --delete-missing-args, so deletions cost a look through the"
                            + " folder", "install any other release");
        } catch (IOException e) {
            return CheckFinding.wrong("rsync", e.getMessage(), null);
        }
    }

    private static CheckFinding room(Path stateDir) {
        Path there = stateDir;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            FileStore store = Files.getFileStore(there);
            long free = store.getUsableSpace();
            return free >= LITTLE_ROOM ? CheckFinding.ok("state folder", stateDir + " has " + (free >> 20) + " MiB of room")
                    : CheckFinding.advice("state folder", stateDir + " has only " + (free >> 20) + " MiB of room",
                            "pending changes of an unreachable target are kept there");
        } catch (IOException e) {
            return CheckFinding.wrong("state folder", stateDir + " can't be examined: " + e.getMessage(), "name another dromedary.state-dir");
        }
    }

    private static CheckFinding pair(PairOptions pair, Path stateDir) {
        if (pair == null || pair.folder() == null) {
            return null;
        }
        String other = LockFolderFingerprint.fault(pair.folder(), stateDir);
        if (other != null) {
            return CheckFinding.wrong("pair", other, null);
        }
        try {
            LockFolderCheck.check(pair.folder());
            return CheckFinding.ok("pair", "files can be locked in " + pair.folder());
        } catch (IOException e) {
            return CheckFinding.wrong("pair", e.getMessage(), null);
        }
    }

    private static CheckFinding clock() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return now.isAfter(BUILT) ? CheckFinding.ok("clock", "it says " + now) : CheckFinding.advice("clock", "it says " + now, "set it: schedules and the times of attempts depend on it");
    }

    private static CheckFinding locale() {
        String names = System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name());
        return names.equalsIgnoreCase("UTF-8") ? CheckFinding.ok("locale", "names are UTF-8")
                : CheckFinding.advice("locale", "names in log and status are read as " + names + "; all of them are mirrored nevertheless",
                        "set LANG=C.UTF-8 to read them");
    }
}
