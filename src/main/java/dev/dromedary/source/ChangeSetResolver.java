package dev.dromedary.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;

/**
 * Resolves pending changes against the current state of a source. Paths that are excluded from the mirror are dropped. Below a folder that
 * is gone, or has become a link or a file, only that folder is reported. Paths are in the notation of {@link RawPath}.
 */
public final class ChangeSetResolver {

    /** What is at a path now. GONE means that the system reports it as missing (ENOENT, ENOTDIR), not that it can't be examined. */
    public enum Kind {
        FOLDER, OTHER, GONE
    }

    /** Receives the resolved changes. */
    @FunctionalInterface
    public interface Sink {

        /**
         * @param extent the extent of the change; at most ENTRY for anything but a folder
         * @param kind   what is at the path; null if that was not looked up because nothing depends on it
         */
        void visit(String path, Extent extent, Kind kind);
    }

    private final Path source;
    private final PathFilter filter;

    /** @param filter what is excluded, whether it exists or is gone */
    public ChangeSetResolver(Path source, PathFilter filter) {
        // follows the link if the source is one
        this.source = source.resolve(".");
        this.filter = filter;
    }

    /**
     * Reports the pending changes to a sink, and returns the folders that contain them.
     *
     * @param allKinds  whether the kind of each path is looked up, or only where the list depends on it
     * @param undecided receives the folders that contain a name which is gone or now excluded, if the filter rules treat a folder of that
     *                  name differently from a file: whether it is deleted then depends on what the target has there
     */
    public Set<String> of(ChangeSet changes, boolean allKinds, Sink sink, Consumer<String> undecided) {
        Look look = new Look(changes, allKinds, sink, undecided);
        changes.forEach(look::visit);
        look.kinds.values().removeIf(kind -> kind != Kind.FOLDER);
        return look.kinds.keySet();
    }

    private final class Look {

        private final ChangeSet changes;
        private final boolean allKinds;
        private final Sink sink;
        private final Consumer<String> undecided;
        private final Map<String, Kind> kinds = new HashMap<>();
        private final Set<String> instead = new HashSet<>();

        Look(ChangeSet changes, boolean allKinds, Sink sink, Consumer<String> undecided) {
            this.changes = changes;
            this.allKinds = allKinds;
            this.sink = sink;
            this.undecided = undecided;
        }

        private void visit(String path, Extent extent) {
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                String ancestor = path.substring(0, slash);
                Kind kind = kinds.computeIfAbsent(ancestor, this::kind);
                if (kind != Kind.FOLDER) {
                    // if the parent folder is compared as a level, rsync finds out by itself what is gone, and may delete more
                    if (instead.add(ancestor) && !changes.covers(ancestor, Extent.ENTRY)) {
                        entry(ancestor, Extent.ENTRY, kind);
                    }
                    return;
                }
                if (filter.excludesEntry(ancestor, true)) {
                    return;
                }
            }
            if (path.isEmpty()) {
                sink.visit(path, extent, Kind.FOLDER);
            } else if (extent.compareTo(Extent.ENTRY) <= 0) {
                entry(path, extent, null);
            } else {
                Kind kind = kinds.computeIfAbsent(path, this::kind);
                if (kind == Kind.FOLDER && !filter.excludesEntry(path, true)) {
                    sink.visit(path, extent, kind);
                } else {
                    entry(path, Extent.ENTRY, kind);
                }
            }
        }

        private void entry(String path, Extent extent, Kind known) {
            boolean folderIsLeftOut = filter.excludesEntry(path, true);
            boolean otherIsLeftOut = filter.excludesEntry(path, false);
            if (folderIsLeftOut && otherIsLeftOut) {
                return;
            }
            boolean depends = folderIsLeftOut != otherIsLeftOut;
            Kind kind = known == null && (depends || allKinds) ? kind(path) : known;
            if (depends && (kind == Kind.GONE || (kind == Kind.FOLDER ? folderIsLeftOut : otherIsLeftOut))) {
                undecided.accept(RawPath.parent(path));
            } else {
                sink.visit(path, extent, kind);
            }
        }

        private Kind kind(String path) {
            try {
                return attributes(path).isDirectory() ? Kind.FOLDER : Kind.OTHER;
            } catch (NoSuchFileException e) {
                return Kind.GONE;
            } catch (IOException e) {
                // while the state is not known, rsync has to look for itself and report what it can't read
                return isBelowNoFolder(path) ? Kind.GONE : Kind.FOLDER;
            }
        }

        // ENOTDIR, for which Java has no exception
        private boolean isBelowNoFolder(String path) {
            try {
                return !attributes(RawPath.parent(path)).isDirectory();
            } catch (IOException e) {
                return false;
            }
        }

        private BasicFileAttributes attributes(String path) throws IOException {
            return Files.readAttributes(RawPath.toPath(source, path), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        }
    }
}
