package dev.dromedary.routes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * Detects that a file was replaced or written, and is stable again: an editor may still be writing it. It follows links, because Kubernetes
 * replaces a folder above the file. Not safe for use by several threads.
 */
final class ConfigFileWatcher {

    private record Look(Path real, Object key, FileTime modified, long size) {
    }

    private final Path file;
    private Look taken;
    private Look last;

    ConfigFileWatcher(Path file) {
        this.file = file;
        this.taken = look();
    }

    /** Returns whether the file differs from what it was when this last returned true, and is the same as at the last call. Call it regularly. */
    boolean hasChanged() {
        Look now = look();
        boolean rests = now != null && now.equals(last);
        last = now;
        if (!rests || now.equals(taken)) {
            return false;
        }
        taken = now;
        return true;
    }

    // null if the file does not exist at the moment
    private Look look() {
        try {
            Path real = file.toRealPath();
            BasicFileAttributes is = Files.readAttributes(real, BasicFileAttributes.class);
            return new Look(real, is.fileKey(), is.lastModifiedTime(), is.size());
        } catch (IOException e) {
            return null;
        }
    }
}
