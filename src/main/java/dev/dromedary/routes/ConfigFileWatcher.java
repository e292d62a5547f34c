package dev.dromedary.routes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * Notices that a file is another one than before, or was written to, and rests again: an editor may be in the middle of it. It follows
 * links, as Kubernetes replaces a folder above the file. For one thread.
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

    /** To be called every now and then: whether it is not what it was when this last said so, and is what it was at the last call. */
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

    // null if it is not there just now
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
