package dev.dromedary.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** Remembers across restarts that a person has paused a target. */
public final class PauseFlag {

    private final Path file;

    /** @param target mirror/target */
    public PauseFlag(Path stateDir, String target) {
        this.file = stateDir.resolve("paused").resolve(target);
    }

    /** Since when the target is paused; empty if it is not. */
    public Optional<Instant> since() {
        try {
            Instant since = Instant.parse(Files.readString(file).strip());
            Instant now = Instant.now();
            return Optional.of(since.isBefore(Instant.EPOCH) || since.isAfter(now) ? now : since);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (DateTimeException | IOException e) {
            // somebody has made it by hand, or it can't be read: only its existence counts
            return Optional.of(Instant.now());
        }
    }

    /** Pauses the target. */
    public void begin(Instant since) throws IOException {
        StateFolder.make(file.getParent());
        StateFolder.write(file, since + "\n");
    }

    /** Ends the pause. */
    public void end() throws IOException {
        Files.deleteIfExists(file);
    }
}
