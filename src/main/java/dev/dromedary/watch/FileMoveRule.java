package dev.dromedary.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.Move;
import dev.dromedary.change.RawPath;

/** Decides whether a target moves a renamed file instead of receiving it again. */
final class FileMoveRule {

    // a smaller file is sent as quickly as it is moved
    private static final long LEAST_FILE_TO_MOVE = 1 << 20;

    private final Path source;

    FileMoveRule(Path source) {
        this.source = source;
    }

    /**
     * Enqueues both names of a file.
     *
     * @param from its old name; null if it is not known, or outside of the source
     * @param to   its new name
     */
    void enqueue(ChangeSet pending, String from, String to) {
        ChangeSet entries = new ChangeSet();
        entries.add(to, Extent.ENTRY);
        if (from != null) {
            entries.add(from, Extent.ENTRY);
        }
        if (from != null && isWorthMoving(to)) {
            pending.moved(new Move(from, to, false, entries));
        } else {
            pending.merge(entries);
        }
    }

    private boolean isWorthMoving(String path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(RawPath.toPath(source, path), BasicFileAttributes.class,
                    LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() && attributes.size() >= LEAST_FILE_TO_MOVE;
        } catch (IOException e) {
            return false;
        }
    }
}
