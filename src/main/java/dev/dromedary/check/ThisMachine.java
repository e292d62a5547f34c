package dev.dromedary.check;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

import dev.dromedary.config.Pairing;
import dev.dromedary.config.Settings;
import dev.dromedary.pair.LockFolder;
import dev.dromedary.pair.PairFolder;
import dev.dromedary.rsync.RsyncVersion;

/** rsync, the state folder, the clock and the locale. */
final class ThisMachine {

    // a million dead paths have some 100 MB
    private static final long LITTLE_ROOM = 100L << 20;
    // no release of this program is older
    private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

    private ThisMachine() {
    }

    static List<Finding> look(Settings settings) {
        return Checks.some(rsync(), room(settings.stateDir()), pair(settings.pair(), settings.stateDir()), clock(), locale());
    }

    private static Finding rsync() {
        try {
            RsyncVersion version = RsyncVersion.probe();
            return version.deletesMissingArgs() ? Finding.ok("rsync", "it is " + version)
                    : Finding.advice("rsync", version + " has a broken --delete-missing-args, so deletions cost a look through the"
                            + " folder", "install any other release");
        } catch (IOException e) {
            return Finding.wrong("rsync", e.getMessage(), null);
        }
    }

    private static Finding room(Path stateDir) {
        Path there = stateDir;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            FileStore store = Files.getFileStore(there);
            long free = store.getUsableSpace();
            return free >= LITTLE_ROOM ? Finding.ok("state folder", stateDir + " has " + (free >> 20) + " MiB of room")
                    : Finding.advice("state folder", stateDir + " has only " + (free >> 20) + " MiB of room",
                            "pending changes of an unreachable target are kept there");
        } catch (IOException e) {
            return Finding.wrong("state folder", stateDir + " can't be examined: " + e.getMessage(), "name another dromedary.state-dir");
        }
    }

    private static Finding pair(Pairing pair, Path stateDir) {
        if (pair == null || pair.folder() == null) {
            return null;
        }
        String other = PairFolder.fault(pair.folder(), stateDir);
        if (other != null) {
            return Finding.wrong("pair", other, null);
        }
        try {
            LockFolder.check(pair.folder());
            return Finding.ok("pair", "files can be locked in " + pair.folder());
        } catch (IOException e) {
            return Finding.wrong("pair", e.getMessage(), null);
        }
    }

    private static Finding clock() {
        return Instant.now().isAfter(BUILT) ? Finding.ok("clock", "it says " + Instant.now())
                : Finding.advice("clock", "it says " + Instant.now(), "set it: schedules and the times of attempts depend on it");
    }

    private static Finding locale() {
        String names = System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name());
        return names.equalsIgnoreCase("UTF-8") ? Finding.ok("locale", "names are UTF-8")
                : Finding.advice("locale", "names in log and status are read as " + names + "; all of them are mirrored nevertheless",
                        "set LANG=C.UTF-8 to read them");
    }
}
