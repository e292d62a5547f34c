package dev.dromedary.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import dev.dromedary.change.RawPath;

/**
 * Says which folders of a source need not be listed, as their count of links shows that no folder is in them: most of a
 * large tree. Only where the file system is known to count that way: a folder has two links, and one more for each folder
 * in it. Others say 1 for all (btrfs), or what is not so (network file systems).
 */
final class Subfolders {

    private static final Set<String> COUNTED_BY = Set.of("ext2", "ext3", "ext4", "xfs", "tmpfs");
    private static final int NONE = 2;

    private final Path source;
    private final Object device;

    Subfolders(Path source) {
        this.source = source;
        this.device = deviceThatCounts(source);
    }

    private static Object deviceThatCounts(Path source) {
        try {
            return COUNTED_BY.contains(Files.getFileStore(source).type()) ? Files.getAttribute(source, "unix:dev") : null;
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }

    /** Whether a folder, a path from the source on, may have folders in it now. */
    boolean mayBeIn(String path) {
        if (device == null) {
            return true;
        }
        try {
            Map<String, Object> links = Files.readAttributes(RawPath.toPath(source, path), "unix:nlink,dev",
                    LinkOption.NOFOLLOW_LINKS);
            return !links.get("nlink").equals(NONE) || !links.get("dev").equals(device);
        } catch (IOException e) {
            return true;
        }
    }
}
