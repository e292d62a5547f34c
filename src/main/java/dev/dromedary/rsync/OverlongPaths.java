package dev.dromedary.rsync;

import java.util.concurrent.atomic.AtomicLong;

import dev.dromedary.change.RawPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the paths of a target that are too long for rsync, which would truncate them silently. Thread-safe. */
public final class OverlongPaths {

    private static final Logger LOG = LoggerFactory.getLogger(OverlongPaths.class);

    private final AtomicLong count = new AtomicLong();

    /** Returns whether a path is too long. If so, it is counted and logged. */
    boolean refuses(String path) {
        boolean refused = path.length() > RawPath.LONGEST;
        if (refused) {
            LOG.error("{} this path has {} bytes, more than the {} that rsync accepts: it is NOT mirrored; shorten it or mirror a"
                    + " folder further down", RawPath.shown(path), path.length(), RawPath.LONGEST);
            add();
        }
        return refused;
    }

    /** Counts a path that rsync has refused. */
    void add() {
        count.incrementAndGet();
    }

    /** {@return the number of paths that were too long} */
    public long count() {
        return count.get();
    }
}
