package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A source as it was at the start. A folder that is missing, or another one in its place (an unmounted disk leaves an
 * empty one behind), would make rsync delete everything at the target, so it is looked at before each run.
 */
public final class SourceRoot {

    private final Path path;
    private final Object identity;

    /** @throws IOException if the source can't be read */
    public SourceRoot(Path path) throws IOException {
        this.path = path;
        this.identity = identity();
    }

    Path path() {
        return path;
    }

    /** @throws IOException if the source is not the folder that it was; the message says so in plain words */
    void check() throws IOException {
        Object now;
        try {
            now = identity();
        } catch (IOException e) {
            throw new IOException("the source " + path + " is not there (" + e.getClass().getSimpleName()
                    + "): nothing is deleted at the target, and all is kept until it is back", e);
        }
        if (!identity.equals(now)) {
            throw new IOException("the source " + path + " is another folder or file system than at the start:"
                    + " nothing is deleted at the target; if it is meant to be so, start anew");
        }
    }

    // st_dev and st_ino where the file system has them
    private Object identity() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isDirectory()) {
            throw new IOException(path + " is not a folder");
        }
        return attributes.fileKey() == null ? path : attributes.fileKey();
    }
}
