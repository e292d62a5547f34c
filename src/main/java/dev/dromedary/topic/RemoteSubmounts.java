package dev.dromedary.topic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.source.SubmountGuard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file systems that are missing below a source on another machine, as its owner reports them ({@link SubmountGuard}). A comparison would
 * delete their files here, so as a filter this excludes their folders until they are back. Thread-safe. Paths are in the notation of
 * {@link RawPath}, relative to the source.
 */
public final class RemoteSubmounts implements PathFilter {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteSubmounts.class);

    private final String url;
    private final List<SubmountGuard.Listener> listeners = new ArrayList<>();
    private volatile Set<String> missing;

    /**
     * @param url     the location of the source, for messages
     * @param missing what was missing when this was last stored
     */
    RemoteSubmounts(String url, Set<String> missing) {
        this.url = url;
        this.missing = Set.copyOf(missing);
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

    /**
     * Notes what is missing now, and returns whether that has changed.
     *
     * @throws UncheckedIOException if a listener could not note it; then no run may begin on the word of the same record
     */
    synchronized boolean said(Set<String> now) {
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
