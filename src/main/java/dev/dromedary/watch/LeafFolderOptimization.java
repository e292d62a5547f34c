package dev.dromedary.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import dev.dromedary.change.RawPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which folders of a source need not be listed, as their count of links shows that no folder is in them: most of a
 * large tree. Only where the file system is known to count that way: a folder has two links, and one more for each folder
 * in it. Others say 1 for all (btrfs), or what is not so (network file systems).
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

    /** Of a source; for one thread. */
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

    /** Whether a folder may have folders in it now; its whole path, as {@link LibC#cString} has it. */
    boolean mayBeIn(byte[] path) {
        if (statx == null) {
            return true;
        }
        Statx.Links links = statx.of(path);
        return links == null || links.count() != NONE || links.device() != device;
    }
}
