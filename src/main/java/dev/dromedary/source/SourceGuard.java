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
 * A source, and how it was when it was last seen. A folder that is missing, or another one in its place (an unmounted disk
 * leaves an empty one behind), would make rsync delete everything at the target, so it is looked at before each run.
 * Safe for use by several threads.
 */
public final class SourceGuard {

    private static final Logger LOG = LoggerFactory.getLogger(SourceGuard.class);

    private static final long AT_MOST_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Path path;
    private final Path file;
    private final SubmountGuard submounts;
    private SourceFingerprint last;
    private SourceFingerprint.Id watched;
    // why what is remembered can't be used: then no folder is the right one until a person says so
    private String unusable;
    private boolean seenByThisProcess;
    private boolean watchedBefore;
    private boolean forgetful;
    private FileTime rememberedAsOf;
    private long rememberedNanos;

    /** The same of which all is mirrored. */
    public SourceGuard(Path path, Path file) {
        this(path, file, FilterRules.NONE);
    }

    /**
     * @param path    the source, absolute; it need not be there, and may be a link
     * @param file    where it is remembered from one start to the next; null if it need not be
     * @param leftOut what of it is not mirrored
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

    /** Where a mirror's source is remembered. */
    public static Path file(Path stateDir, String mirror) {
        return stateDir.resolve("source").resolve(mirror + ".json");
    }

    /** {@return the mirror whose source is remembered in a file of that name} */
    static String mirror(Path file) {
        return file.getFileName().toString().replaceFirst("\\..*", "");
    }

    /** Whether a source was seen by an earlier start: then it is waited for, should it be missing. */
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

    /** {@return the file system in whose place a person has put the one on which it lies; null if nobody has} */
    public synchronized String replaced() {
        return last == null ? null : last.replaced();
    }

    /** What is mounted below it. */
    public SubmountGuard submounts() {
        return submounts;
    }

    /** Where it is without links, in the notation of {@link RawPath}; what is configured, if it can't be found out. */
    public String realPath() {
        try {
            return RawPath.of(path.toRealPath());
        } catch (IOException e) {
            return RawPath.of(path);
        }
    }

    /** Why this is not the folder that is to be mirrored, in plain words; empty if it is. */
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
            // what was emptied and then removed may come back in any form; what has its names is it, restored
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
     * To be called before each run; looks after what is mounted below it, too.
     *
     * @throws SourceGoneException if this is not the folder that is to be mirrored
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

    /** Takes the folder that is there now for the source, and what is mounted below it now for all: a person has said so. */
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
     * Notes that a watch of it begins.
     *
     * @return whether one began before in this process, so that something may have been missed since
     */
    public synchronized boolean watchBegins() {
        boolean before = watchedBefore;
        watchedBefore = true;
        return before;
    }

    /**
     * Notes which folder is watched now.
     *
     * @return where it is, without links
     * @throws IOException if it is not there
     */
    public synchronized Path watched() throws IOException {
        watched = SourceFingerprint.Id.of(path);
        return path.toRealPath();
    }

    /** Whether the source is still the folder that is watched: a link may lead elsewhere, and a disk lie over it. */
    public synchronized boolean isWatched() {
        try {
            return SourceFingerprint.Id.of(path).equals(watched);
        } catch (IOException e) {
            return false;
        }
    }

    /** Notes that the source is gone as it was: moved away, or its disk unmounted; what comes in its place is looked at anew. */
    public synchronized void wasLost() {
        seenByThisProcess = false;
    }

    /** Notes that the source was removed, entry by entry and then itself: whatever takes its place is meant. */
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

    // once, as it may go on for as long as a disk is full
    private void notRemembered(IOException e) {
        if (forgetful) {
            return;
        }
        forgetful = true;
        LOG.warn("{} could not be remembered ({}): the next start can't tell whether it was replaced", path,
                e.getMessage());
    }

    /**
     * Notes how the source is now; to be called when it is known to be the right one, and whenever something may have
     * come or gone directly in it. Lists it only now and then, but sees at once when it became empty.
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
