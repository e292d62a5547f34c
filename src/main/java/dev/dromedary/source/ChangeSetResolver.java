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
 * What is owed, resolved against a source as it is now: without what is left out of the mirror, and below a folder that is
 * gone, or has become a link or a file, with only that folder. Paths are in the notation of {@link RawPath}.
 */
public final class ChangeSetResolver {

    /** What is at a path now. Gone is what the system says is not there (ENOENT, ENOTDIR); what can't be looked at is not. */
    public enum Kind {
        FOLDER, OTHER, GONE
    }

    /** Receives what is owed. */
    @FunctionalInterface
    public interface Sink {

        /**
         * @param extent how much of it; of what is no folder never more than an entry
         * @param kind   what is there; null if that was not looked at, as nothing depends on it
         */
        void visit(String path, Extent extent, Kind kind);
    }

    private final Path source;
    private final PathFilter filter;

    /** @param filter what is left out, there or gone */
    public ChangeSetResolver(Path source, PathFilter filter) {
        // what it links to, should it be a link
        this.source = source.resolve(".");
        this.filter = filter;
    }

    /**
     * Shows what is owed, and returns the folders that it lies in.
     *
     * @param allKinds  whether the kind of each path is looked up, or only where the list depends on it
     * @param undecided receives the folders in which a name is gone, or has become what is left out, of which the rules say one
     *                  thing if it is a folder and another if it is none: whether it goes depends on what the target has there
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
                    // where the folder above is compared as a level, rsync sees by itself what is gone there, and may delete more
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
                // as long as it is not known what is there, rsync is to look for itself, and to say what it can't read
                return isBelowNoFolder(path) ? Kind.GONE : Kind.FOLDER;
            }
        }

        // ENOTDIR, which Java has no exception for
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
