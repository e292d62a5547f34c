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

/** Finds the other paths in a tree that rsync stopped transferring because one file in it can't be transferred. */
final class BlockedSiblings {

    private BlockedSiblings() {
    }

    /**
     * @param source  the source
     * @param trees   the paths that were to be sent
     * @param blocked the paths that can't be sent
     * @return the existing paths in these trees that are neither blocked nor above a blocked path; empty if no blocked path exists
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

    // what can't be examined now is left to rsync, with everything in it
    private static boolean mayBeFolder(Path entry) {
        try {
            return Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isDirectory();
        } catch (IOException e) {
            return true;
        }
    }
}
