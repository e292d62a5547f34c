package dev.dromedary.testing;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** An rsync of another age than that of this machine: Debian's of some suite, unpacked and not installed, with its own libraries. */
public final class OtherRsync {

    private OtherRsync() {
    }

    /**
     * The program of that name. Where it can't be had the test is left out.
     *
     * @param suite   of Debian, and behind a blank the package's version, if there are several
     */
    public static synchronized Path of(String suite) {
        Path folder = Path.of("target", "rsync-of", suite.replace(' ', '-')).toAbsolutePath();
        try {
            Sh.run(Path.of("").toAbsolutePath(), "timeout 180 src/test/sh/rsync-of " + suite + " " + folder + " 2>&1");
        } catch (AssertionError e) {
            assumeTrue(false, "the rsync of " + suite + " is not to be had: " + e.getMessage());
        }
        return folder.resolve("rsync");
    }
}
