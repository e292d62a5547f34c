package dev.dromedary.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import dev.dromedary.change.RawPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the folders of a source that need not be listed because their link count shows that they contain no folder; these are most folders
 * of a large tree. It applies only to file systems that are known to count this way: a folder has two links, and one more for each folder
 * in it. Others report 1 for all folders (btrfs), or wrong counts (network file systems).
 */
final class LeafFolderOptimization {

    private static final Logger LOG = LoggerFactory.getLogger(LeafFolderOptimization.class);
    private static final Set<String> COUNTED_BY = Set.of("ext2", "ext3", "ext4", "xfs", "tmpfs");
    private static final int NONE = 2;

    private final Statx statx;
    private final long device;

    private LeafFolderOptimization(Statx statx, long device) {
        this.statx = statx;
        this.device = device;
    }

    /** Creates the optimization for a source. Not thread-safe. */
    static LeafFolderOptimization of(Path source) {
        try {
            if (COUNTED_BY.contains(Files.getFileStore(source).type())) {
                Statx statx = new Statx();
                Statx.Links links = statx.of(LibC.cString(RawPath.of(source)));
                if (links != null) {
                    return new LeafFolderOptimization(statx, links.device());
                }
            }
        } catch (IOException | LinkageError e) {
            LOG.debug("Each folder of {} is listed: {}", source, e.toString());
        }
        return new LeafFolderOptimization(null, 0);
    }

    /** {@return whether a folder may contain folders now; the absolute path is in the form of {@link LibC#cString}} */
    boolean mayBeIn(byte[] path) {
        if (statx == null) {
            return true;
        }
        Statx.Links links = statx.of(path);
        return links == null || links.count() != NONE || links.device() != device;
    }
}
