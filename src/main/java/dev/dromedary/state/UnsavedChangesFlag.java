package dev.dromedary.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Remembers across restarts whether all pending changes of a target are known. Its file exists from the start until everything has arrived
 * or is on disk at an orderly stop.
 */
public final class UnsavedChangesFlag {

    private final Path file;

    /** @param target mirror/target */
    public UnsavedChangesFlag(Path stateDir, String target) {
        this.file = stateDir.resolve("running").resolve(target);
    }

    /** Returns whether the last process ended without this being known; then the whole tree is pending. */
    public boolean isLeft() {
        // a file that can't be checked counts as left
        return !Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Notes that pending changes are not known from now on. */
    public void begin() throws IOException {
        StateFolder.make(file.getParent());
        if (!isLeft()) {
            Files.createFile(file);
        }
    }

    /** Notes that all pending changes are known. */
    public void end() throws IOException {
        Files.deleteIfExists(file);
    }
}
