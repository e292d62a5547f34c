package dev.dromedary.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import dev.dromedary.change.RawPath;

/**
 * Determines whether one folder of this machine lies in another one, whatever path leads to it: through links, bind mounts, and names that
 * differ only in case on a file system that ignores case.
 *
 * <p>It does not detect a layer of an overlay file system, or a folder that a network file system of this same machine shows.
 */
public final class FolderNesting {

    private final MountTable table;

    private FolderNesting(MountTable table) {
        this.table = table;
    }

    /** {@return the current state; by device and inode only if the system does not say what is mounted} */
    public static FolderNesting now() {
        try {
            return new FolderNesting(MountTable.read());
        } catch (IOException e) {
            return new FolderNesting(MountTable.parse(""));
        }
    }

    /** {@return whether the outer folder is the inner one or contains it; neither has to exist} */
    public boolean holds(Path outer, Path inner) {
        Path realOuter = real(outer);
        Path realInner = real(inner);
        return realInner.startsWith(realOuter) || isAbove(realOuter, realInner) || isPlacedIn(realOuter, realInner);
    }

    /** {@return whether one of two folders is the other one or contains it} */
    public boolean meet(Path one, Path other) {
        return holds(one, other) || holds(other, one);
    }

    /** {@return where a real path lies, as defined by {@link MountTable#place}} */
    public Optional<MountTable.Place> place(String real) {
        return table.place(real);
    }

    private static boolean isAbove(Path outer, Path inner) {
        if (!Files.exists(outer)) {
            return false;
        }
        for (Path folder = inner; folder != null; folder = folder.getParent()) {
            try {
                // by device and inode
                if (Files.isSameFile(folder, outer)) {
                    return true;
                }
            } catch (IOException e) {
                // it does not exist; its parent may exist
                continue;
            }
        }
        return false;
    }

    private boolean isPlacedIn(Path outer, Path inner) {
        Optional<MountTable.Place> place = table.place(RawPath.of(outer));
        return place.isPresent() && table.place(RawPath.of(inner)).filter(place.get()::holds).isPresent();
    }

    /** {@return the path with all links followed, as far as it exists} */
    public static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.getParent() == null ? path : real(path.getParent()).resolve(path.getFileName());
        }
    }
}
