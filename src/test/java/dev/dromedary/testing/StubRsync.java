package dev.dromedary.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/**
 * A shell script by the name of rsync, to come first in the PATH of the program under test. It {@linkplain #plays plays}
 * what it is told, so that each way in which a run can end is brought about at will, and is the real rsync otherwise. It
 * counts all runs but the question for the version.
 */
public final class StubRsync {

    private static final String SCRIPT = """
            #!/bin/sh
            here=@HERE@ rsync=@RSYNC@
            case $* in --version) exec "$rsync" --version ;; esac

            # what is listed: an empty list only asks whether the target is there
            list=$here/list.$$
            cat >"$list"
            exec <"$list"
            if [ -s "$list" ]; then kind=run; else kind=probe; fi
            echo "$kind" >>"$here/log"
            trap 'rm -f "$list"' EXIT

            probe() { [ $kind = probe ]; }
            lists() { tr '\\0' '\\n' <"$list" | grep -qxF "./$1"; }
            bring() { "$rsync" "$@" <"$list"; }
            held() { while [ -e "$here/play" ]; do sleep 0.05; done; }
            hang() { rm -f "$list"; exec sleep 1000; }
            alone() { mkdir "$here/alone" || echo overlap >>"$here/log"; sleep "$1"; rmdir "$here/alone"; }

            play=$(cat "$here/play" 2>/dev/null)
            eval "$play"
            rm -f "$list"
            exec "$rsync" "$@"
            """;

    private final Path folder;

    private StubRsync(Path folder) {
        this.folder = folder;
    }

    /** Is the real rsync until it is told to play something. */
    public static StubRsync in(Scratch scratch) {
        StubRsync stub = new StubRsync(scratch.folder("stub-rsync"));
        String real = Sh.run(scratch.root(), "command -v rsync").strip();
        try {
            Path script = Files.writeString(Files.createDirectory(stub.folder.resolve("bin")).resolve("rsync"),
                    SCRIPT.replace("@HERE@", "'" + stub.folder + "'").replace("@RSYNC@", "'" + real + "'"));
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
            return stub;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The PATH with which a program finds this one. */
    public String path() {
        return folder.resolve("bin") + ":" + System.getenv("PATH");
    }

    /**
     * From now on each run does this first, and is the real rsync if it goes on to the end.
     *
     * @param script lines of shell; {@code probe} and {@code lists NAME} say what is asked for, {@code bring "$@"} is a run
     *               of the real one that comes back, {@code held} waits until {@link #letsGo}, {@code hang} does not come back, {@code alone SECONDS} notes who is there too
     */
    public void plays(String script) {
        try {
            // whole or not at all, as a run may begin at any moment
            Path next = Files.writeString(folder.resolve("play.next"), script);
            Files.move(next, folder.resolve("play"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It is the real rsync again. */
    public void letsGo() {
        try {
            Files.deleteIfExists(folder.resolve("play"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often it was started to carry something. */
    public long runs() {
        return count("run");
    }

    /** How often it was started with nothing to carry. */
    public long probes() {
        return count("probe");
    }

    /** How often two were {@code alone} at once. */
    public long overlaps() {
        return count("overlap");
    }

    private long count(String what) {
        Path log = folder.resolve("log");
        if (!Files.exists(log)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(log, StandardCharsets.US_ASCII)) {
            return lines.filter(what::equals).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
