package dev.dromedary.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The clock of a program under test, which can be set while it runs; CLOCK_MONOTONIC goes on as it does (libfaketime 0.9.10). */
public final class SettableClock {

    private final Path file;
    private final Path library;

    private SettableClock(Path file, Path library) {
        this.file = file;
        this.library = library;
    }

    /** One that is right until it is {@link #set}; where there is no libfaketime the test is left out. */
    public static SettableClock in(Scratch scratch) {
        Optional<Path> library = library();
        assumeTrue(library.isPresent(), "there is no libfaketime here (Debian: faketime)");
        SettableClock clock = new SettableClock(scratch.root().resolve("clock"), library.get());
        clock.set(Duration.ZERO);
        scratch.own(SettableClock::tidy);
        return clock;
    }

    private static Optional<Path> library() {
        for (String folder : new String[] {"/usr/lib", "/usr/lib64"}) {
            Path here = Path.of(folder, "faketime/libfaketimeMT.so.1");
            if (Files.exists(here)) {
                return Optional.of(here);
            }
            // Debian has a folder for each kind of machine
            try (DirectoryStream<Path> below = Files.newDirectoryStream(Path.of(folder), "*-linux-gnu*")) {
                for (Path each : below) {
                    if (Files.exists(each.resolve("faketime/libfaketimeMT.so.1"))) {
                        return Optional.of(each.resolve("faketime/libfaketimeMT.so.1"));
                    }
                }
            } catch (IOException e) {
                // no such folder
                continue;
            }
        }
        return Optional.empty();
    }

    // a program that was killed leaves its shared memory behind
    private static void tidy() {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/dev/shm"), "{sem.faketime_sem,faketime_shm}_*")) {
            for (Path each : all) {
                String pid = each.getFileName().toString().replaceFirst(".*_", "");
                if (ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    Files.deleteIfExists(each);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets it: so much later than the clock of this machine, or earlier. */
    public void set(Duration later) {
        try {
            // whole or not at all, as it is read at any moment
            Path next = Files.writeString(file.resolveSibling("clock.next"), String.format("%+d%n", later.toSeconds()));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The environment of a program that goes by it. */
    public Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "FAKETIME_TIMESTAMP_FILE", file.toString(), "FAKETIME_NO_CACHE", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                // else what waits by CLOCK_MONOTONIC, as nearly all of Java does, comes too early or too late
                "FAKETIME_FORCE_MONOTONIC_FIX", "0",
                // files have the times that they have
                "NO_FAKE_STAT", "1");
    }
}
