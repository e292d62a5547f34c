package dev.dromedary.topic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.source.SubmountGuard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file systems below a source on another machine, as its owner reports them ({@link SubmountGuard}). A comparison would delete the files
 * of a missing one here, so as a filter this excludes their folders until they are back. One that has none of its names, though its owner has
 * not reported it as missing, is unmounted. Thread-safe. Paths are in the notation of {@link RawPath}, relative to the source.
 */
public final class RemoteSubmounts implements PathFilter {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteSubmounts.class);

    private final String url;
    private final Path folder;
    private final PathFilter leftOut;
    private final List<SubmountGuard.Listener> listeners = new ArrayList<>();
    private volatile Set<String> missing;
    // with some names in each: as its owner has reported them since the start (null if it has not), and those of them, or of the ones before the start,
    // that a person has not given up
    private Map<String, List<String>> told;
    private Map<String, List<String>> mounted;
    // one that looked unmounted at the last probe; its owner may not know that yet
    private String unmounted;

    /**
     * @param url     the location of the source, for messages
     * @param folder  the local folder
     * @param leftOut what is excluded from the mirror here
     * @param stored  what was known when this was last stored
     */
    RemoteSubmounts(String url, Path folder, PathFilter leftOut, RemoteSourceFingerprint stored) {
        this.url = url;
        this.folder = folder;
        this.leftOut = leftOut;
        this.missing = Set.copyOf(stored.missing());
        this.mounted = stored.mounted();
    }

    /** Notifies a listener of the missing file systems, at once and before each change takes effect. */
    public synchronized void onChange(SubmountGuard.Listener listener) throws IOException {
        listeners.add(listener);
        listener.changed(missing);
    }

    /** {@return the missing file systems} */
    public Set<String> missing() {
        return missing;
    }

    /** {@return those that are to be mounted, with some names directly in each} */
    synchronized Map<String, List<String>> mounted() {
        return mounted;
    }

    /** How much of a report is new. */
    enum News {
        /** Nothing. */
        NONE,
        /** Only names in them, which may change with each record. */
        NAMES,
        /** Others are missing or mounted. */
        MOUNTS
    }

    /**
     * Notes what is missing and mounted now, and returns how much of that is new.
     *
     * @throws UncheckedIOException if a listener could not note it; then no run may begin on the word of the same record
     */
    synchronized News said(SourceIdentity identity) {
        boolean others = isMissing(identity.missing());
        if (identity.mounted().equals(told)) {
            return others ? News.MOUNTS : News.NONE;
        }
        others |= !identity.mounted().keySet().equals(mounted.keySet());
        told = identity.mounted();
        mounted = told;
        return others ? News.MOUNTS : News.NAMES;
    }

    /** {@return of each that is to be mounted, the paths that it has according to its owner, and that could be deleted here} */
    Map<String, List<String>> namesHere() {
        Map<String, List<String>> here = new TreeMap<>();
        mounted().forEach((mount, names) -> here.put(mount, names.stream().map(name -> mount + '/' + name).filter(this::couldBeDeleted).toList()));
        return here;
    }

    private boolean couldBeDeleted(String path) {
        Path file = RawPath.toPath(folder, path);
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !leftOut.excludes(path, Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * Evaluates a probe.
     *
     * @param asked   the paths of {@link #namesHere()}
     * @param found   the probed paths that exist at the source
     * @param givenUp whether a person says that those of which nothing exists are gone for good, until their owner reports something else of them
     */
    synchronized void probed(Map<String, List<String>> asked, Set<String> found, boolean givenUp) {
        List<String> empty = asked.entrySet().stream().filter(mount -> !mount.getValue().isEmpty() && mount.getValue().stream().noneMatch(found::contains))
                .map(Map.Entry::getKey).toList();
        unmounted = empty.isEmpty() ? null : empty.get(0);
        if (givenUp && !empty.isEmpty()) {
            mounted = new TreeMap<>(mounted);
            mounted.keySet().removeAll(empty);
        }
    }

    /** {@return one that looked unmounted at the last probe; null if none did} */
    synchronized String unmounted() {
        return unmounted;
    }

    // notes it, and returns whether it has changed
    private boolean isMissing(Set<String> now) {
        if (now.equals(missing)) {
            return false;
        }
        try {
            for (SubmountGuard.Listener listener : listeners) {
                listener.changed(now);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String path : new TreeSet<>(now)) {
            if (!missing.contains(path)) {
                LOG.error("{}: {}: its file system is not mounted at the source. Nothing in it is fetched, and nothing of it deleted here, until"
                        + " it is back or a person says at the source that this is intended", url, RawPath.shown(path));
            }
        }
        for (String path : new TreeSet<>(missing)) {
            if (!now.contains(path)) {
                LOG.info("{}: {}: its file system is back, or is no longer expected", url, RawPath.shown(path));
            }
        }
        missing = Set.copyOf(now);
        return true;
    }

    @Override
    public boolean excludesEntry(String path, boolean directory) {
        return missing.contains(path);
    }

    @Override
    public boolean excludes(String path, boolean directory) {
        Set<String> now = missing;
        return !now.isEmpty() && now.stream().anyMatch(folder -> RawPath.isAt(path, folder));
    }
}
