package dev.dromedary.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** Remembers that a person has paused a target, from one start to the next. */
public final class PauseFlag {

    private final Path file;

    /** @param target mirror/target */
    public PauseFlag(Path stateDir, String target) {
        this.file = stateDir.resolve("paused").resolve(target);
    }

    /** Since when it is paused; nothing, if it is not. */
    public Optional<Instant> since() {
        try {
            Instant since = Instant.parse(Files.readString(file).strip());
            Instant now = Instant.now();
            return Optional.of(since.isBefore(Instant.EPOCH) || since.isAfter(now) ? now : since);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (DateTimeException | IOException e) {
            // somebody has made it by hand, or it can't be read: it is there, and that is what counts
            return Optional.of(Instant.now());
        }
    }

    /** From now on it is. */
    public void begin(Instant since) throws IOException {
        StateFolder.make(file.getParent());
        StateFolder.write(file, since + "\n");
    }

    /** It is no more. */
    public void end() throws IOException {
        Files.deleteIfExists(file);
    }
}
