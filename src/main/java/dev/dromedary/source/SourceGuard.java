package dev.dromedary.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import dev.dromedary.change.RawPath;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.filter.PathFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards a source by comparing it with its last known state. If the folder is missing, or another one is in its place (an unmounted disk
 * leaves an empty one behind), rsync would delete everything at the target. So the source is checked before each run. Thread-safe.
 */
public final class SourceGuard {

    private static final Logger LOG = LoggerFactory.getLogger(SourceGuard.class);

    private static final long AT_MOST_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Path path;
    private final Path file;
    private final SubmountGuard submounts;
    private SourceFingerprint last;
    private SourceFingerprint.Id watched;
    // why the remembered state can't be used; then no folder is accepted until a person confirms it
    private String unusable;
    private boolean seenByThisProcess;
    private boolean watchedBefore;
    private boolean forgetful;
    private FileTime rememberedAsOf;
    private long rememberedNanos;

    /** Creates a guard for a source that is mirrored as a whole. */
    public SourceGuard(Path path, Path file) {
        this(path, file, FilterRules.NONE);
    }

    /**
     * @param path    the source, absolute; it need not exist, and may be a link
     * @param file    where its state is remembered over restarts; null if it is not
     * @param leftOut what is excluded from the mirror
     */
    public SourceGuard(Path path, Path file, PathFilter leftOut) {
        this.path = path;
        this.file = file;
        this.submounts = new SubmountGuard(path, file == null ? null : SubmountGuard.file(file), leftOut);
        try {
            this.last = file == null ? null : SourceFingerprint.read(file, path);
        } catch (IOException e) {
            unusable = "what is remembered of it in " + file + " can't be used (" + e.getMessage() + ")";
            LOG.error("{}: {}: so it is not known whether this is the folder that was mirrored", path, unusable);
        }
    }

    /** {@return the file in which the state of a mirror's source is remembered} */
    public static Path file(Path stateDir, String mirror) {
        return stateDir.resolve("source").resolve(mirror + ".json");
    }

    /** {@return the mirror whose source is remembered in a file of that name} */
    static String mirror(Path file) {
        return file.getFileName().toString().replaceFirst("\\..*", "");
    }

    /** {@return whether a source was seen by an earlier start; if so, the program waits for it when it is missing} */
    public static boolean isRemembered(Path stateDir, String mirror, Path source) {
        try {
            return SourceFingerprint.read(file(stateDir, mirror), source) != null;
        } catch (IOException e) {
            return true;
        }
    }

    public Path path() {
        return path;
    }

    /** {@return the file system that the current one replaces, as confirmed by a person; null if nobody has confirmed a replacement} */
    public synchronized String replaced() {
        return last == null ? null : last.replaced();
    }

    /** {@return the guard of the file systems mounted below the source} */
    public SubmountGuard submounts() {
        return submounts;
    }

    /** {@return the path without links, in the notation of {@link RawPath}; the configured path if it can't be resolved} */
    public String realPath() {
        try {
            return RawPath.of(path.toRealPath());
        } catch (IOException e) {
            return RawPath.of(path);
        }
    }

    /** {@return why this is not the folder to be mirrored, for people; empty if it is} */
    public synchronized Optional<String> fault() {
        try {
            SourceFingerprint.Id now = SourceFingerprint.Id.of(path);
            if (unusable != null) {
                return Optional.of(path + " may be another folder than it was, because " + unusable
                        + "; look whether it is the right one, then" + wayOut());
            }
            if (last == null || now.equals(last.id()) && seenByThisProcess) {
                return Optional.empty();
            }
            if (now.inode() == last.id().inode() && !seenByThisProcess && SourceFingerprint.isEmpty(path) && !last.isEmpty()) {
                return Optional.of(path + " is empty, and was not when it was last seen; if this is intended:" + wayOut());
            }
            if (now.isSameAs(last.id())) {
                return Optional.empty();
            }
            // a source that was emptied and then removed may come back in any form; one that has its names is the source, restored
            return last.isEmpty() || last.hasMostNamesIn(path) ? Optional.empty()
                    : Optional.of(path + " is another folder than it was, with few of its names or none; if this is intended:" + wayOut());
        } catch (IOException e) {
            return Optional.of(path + " is not there, or can't be read (" + e.getMessage() + ")");
        }
    }

    private String wayOut() {
        return " dromedary resume --new-source " + (file == null ? "MIRROR" : mirror(file) + " (or stop, remove " + file + " and start again)");
    }

    /**
     * Checks the source, and what is mounted below it. Has to be called before each run.
     *
     * @throws SourceGoneException if this is not the folder to be mirrored
     */
    public void check() throws SourceGoneException {
        Optional<String> fault = fault();
        if (fault.isPresent()) {
            throw new SourceGoneException(fault.get());
        }
        try {
            submounts.look();
        } catch (IOException e) {
            throw new SourceGoneException("what is mounted below " + path + " can't be looked at or noted (" + e + ")");
        }
    }

    /** Accepts the current folder as the source, and the current mounts below it as complete, because a person has confirmed it. */
    public synchronized void accept() {
        try {
            last = SourceFingerprint.of(path).inPlaceOf(last);
            unusable = null;
            seenByThisProcess = true;
            write();
            submounts.accept();
            LOG.warn("{}: accepted as the source as it is now, by hand", path);
        } catch (IOException e) {
            LOG.warn("{}: it can't be accepted as the source, because it does not exist or can't be read ({})", path, e.toString());
        }
    }

    /**
     * Notes that a watch of the source begins.
     *
     * @return whether an earlier watch began in this process, so that changes may have been missed since
     */
    public synchronized boolean watchBegins() {
        boolean before = watchedBefore;
        watchedBefore = true;
        return before;
    }

    /**
     * Notes which folder is watched now.
     *
     * @return its path without links
     * @throws IOException if it does not exist
     */
    public synchronized Path watched() throws IOException {
        watched = SourceFingerprint.Id.of(path);
        return path.toRealPath();
    }

    /** {@return whether the source is still the watched folder: a link may have changed, or a disk may be mounted over it} */
    public synchronized boolean isWatched() {
        try {
            return SourceFingerprint.Id.of(path).equals(watched);
        } catch (IOException e) {
            return false;
        }
    }

    /** Notes that the source was moved away or unmounted; whatever takes its place is checked again. */
    public synchronized void wasLost() {
        seenByThisProcess = false;
    }

    /** Notes that the source was removed, its entries first and then itself: whatever takes its place is accepted as intended. */
    public synchronized void wasRemoved() {
        if (last != null) {
            last = last.emptied();
            write();
        }
    }

    private void write() {
        try {
            if (file != null) {
                last.write(file);
                forgetful = false;
            }
        } catch (IOException e) {
            notRemembered(e);
        }
    }

    // logged only once, because it may last as long as a disk is full
    private void notRemembered(IOException e) {
        if (forgetful) {
            return;
        }
        forgetful = true;
        LOG.warn("{} could not be remembered ({}): the next start can't tell whether it was replaced", path,
                e.getMessage());
    }

    /**
     * Notes the current state of the source. Has to be called when the source is known to be the right one, and whenever an entry directly
     * in it may have appeared or disappeared. Lists the source only occasionally, but detects at once when it became empty.
     */
    public synchronized void remember() {
        if (unusable != null) {
            return;
        }
        try {
            FileTime changed = Files.getLastModifiedTime(path);
            if (seenByThisProcess && changed.equals(rememberedAsOf)) {
                return;
            }
            long now = System.nanoTime();
            if (seenByThisProcess && now - rememberedNanos < AT_MOST_EVERY_NANOS
                    && SourceFingerprint.isEmpty(path) == last.isEmpty()) {
                return;
            }
            last = SourceFingerprint.of(path).after(last);
            rememberedAsOf = changed;
            rememberedNanos = now;
            seenByThisProcess = true;
            write();
        } catch (IOException e) {
            notRemembered(e);
        }
    }
}
