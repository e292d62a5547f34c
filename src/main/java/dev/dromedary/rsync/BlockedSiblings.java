package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;

/** What else lies in a tree of which rsync carries no more, because one file in it can't be carried. */
final class BlockedSiblings {

    private BlockedSiblings() {
    }

    /**
     * @param source  the source
     * @param trees   what was to be carried
     * @param blocked what can't be
     * @return what is there in these trees and neither blocked nor above it; empty if none of the blocked is there
     */
    static ChangeSet of(Path source, ChangeSet trees, ChangeSet blocked) throws IOException {
        Set<String> stones = new HashSet<>();
        Set<String> above = new HashSet<>();
        blocked.forEach((path, extent) -> {
            if (!path.isEmpty() && Files.exists(RawPath.toPath(source, path), LinkOption.NOFOLLOW_LINKS)) {
                stones.add(path);
                for (String folder = path; !folder.isEmpty();) {
                    folder = RawPath.parent(folder);
                    above.add(folder);
                }
            }
        });
        ChangeSet beside = new ChangeSet();
        Deque<String> todo = new ArrayDeque<>();
        trees.forEach((path, extent) -> {
            if (above.contains(path)) {
                todo.add(path);
            } else if (!stones.contains(path) && !stones.isEmpty()) {
                beside.add(path, extent, trees.since());
            }
        });
        while (!todo.isEmpty()) {
            String folder = todo.pop();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(RawPath.toPath(source, folder))) {
                for (Path entry : entries) {
                    String raw = RawPath.of(entry);
                    String path = RawPath.child(folder, raw.substring(raw.lastIndexOf('/') + 1));
                    if (above.contains(path)) {
                        todo.add(path);
                    } else if (!stones.contains(path)) {
                        beside.add(path, mayBeFolder(entry) ? Extent.TREE : Extent.ENTRY, trees.since());
                    }
                }
            }
        }
        return beside;
    }

    // what can't be looked at now is left to rsync, with all that is in it
    private static boolean mayBeFolder(Path entry) {
        try {
            return Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isDirectory();
        } catch (IOException e) {
            return true;
        }
    }
}
