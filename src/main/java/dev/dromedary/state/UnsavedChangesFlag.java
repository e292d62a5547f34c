package dev.dromedary.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Remembers of a target, from one start to the next, whether all that was owed to it is known: a file is there from the
 * start until everything has arrived or is on disk at an orderly stop.
 */
public final class UnsavedChangesFlag {

    private final Path file;

    /** @param target mirror/target */
    public UnsavedChangesFlag(Path stateDir, String target) {
        this.file = stateDir.resolve("running").resolve(target);
    }

    /** Whether the last process ended without knowing; then the whole tree is owed. */
    public boolean isLeft() {
        // what can't be looked at counts as left
        return !Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** From now on it is not known. */
    public void begin() throws IOException {
        StateFolder.make(file.getParent());
        if (!isLeft()) {
            Files.createFile(file);
        }
    }

    /** All of it is known. */
    public void end() throws IOException {
        Files.deleteIfExists(file);
    }
}
