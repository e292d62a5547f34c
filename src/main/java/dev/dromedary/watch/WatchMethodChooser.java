package dev.dromedary.watch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Supplier;

import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the kernel's mechanism by which a source is watched, and logs the choice. Not thread-safe. */
final class WatchMethodChooser {

    private static final Logger LOG = LoggerFactory.getLogger(WatchMethodChooser.class);

    private final WatchMethod wanted;
    private final long maxDelay;
    private boolean limited;
    private String refused;

    /**
     * @param wanted   the configured mechanism
     * @param maxDelay after how many milliseconds a file that stays open for writing is enqueued
     */
    WatchMethodChooser(WatchMethod wanted, long maxDelay) {
        this.wanted = wanted;
        this.maxDelay = maxDelay;
    }

    /**
     * Creates a watch of a source, which watches nothing yet.
     *
     * @param folder  the source, without links
     * @param filter  what is excluded
     * @param mounted returns the current mounts in the source
     * @throws IOException if no mechanism is available; the message says what to do
     */
    TreeWatch open(Path folder, PathFilter filter, Supplier<Set<String>> mounted) throws IOException {
        if (wanted == WatchMethod.FANOTIFY || limited) {
            try {
                TreeWatch tree = FanotifyTree.open(folder, filter, maxDelay, mounted);
                refused = null;
                return tree;
            } catch (IOException e) {
                refuse(folder, e);
            }
        }
        try {
            return new InotifyTree(Inotify.open(), folder, filter, maxDelay);
        } catch (IOException e) {
            if (wanted != WatchMethod.AUTO || limited) {
                throw e;
            }
            try {
                return FanotifyTree.open(folder, filter, maxDelay, mounted);
            } catch (IOException without) {
                e.addSuppressed(without);
                throw e;
            }
        }
    }

    private void refuse(Path folder, IOException why) {
        if (!why.getMessage().equals(refused)) {
            refused = why.getMessage();
            LOG.warn("{} is watched by inotify, not by fanotify: {}", RawPath.escape(RawPath.of(folder)), refused);
        }
    }

    /**
     * Returns whether a source should be watched by another mechanism; if so, a new watch has to be opened.
     *
     * @param now the current watch
     */
    boolean isOtherBetter(TreeWatch now, Path folder, PathFilter filter, Supplier<Set<String>> mounted) {
        if (!now.by().equals("inotify") || wanted == WatchMethod.INOTIFY || wanted == WatchMethod.AUTO && !now.isLimited()) {
            return false;
        }
        try (FanotifyTree other = FanotifyTree.open(folder, filter, maxDelay, mounted)) {
            LOG.info("{} is watched by {} from now on{}", RawPath.escape(RawPath.of(folder)), other.by(),
                    wanted == WatchMethod.AUTO ? ", as not all of its folders can be watched by inotify" : "");
            limited = true;
            return true;
        } catch (IOException e) {
            refuse(folder, e);
            return false;
        }
    }
}
