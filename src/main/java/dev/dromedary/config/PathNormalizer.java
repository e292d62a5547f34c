package dev.dromedary.config;

import java.nio.file.Path;

import dev.dromedary.mount.FolderNesting;

/** Resolves the paths in the configuration. */
final class PathNormalizer {

    private PathNormalizer() {
    }

    /**
     * {@return the path without "." and ".."}
     * Links are kept, but ".." after a link is resolved as the system does it: {@link Path#normalize()} would return another folder, which
     * would then be mirrored, or emptied.
     *
     * @throws java.nio.file.InvalidPathException if the system does not allow such a name
     */
    static Path absolute(Path workingDir, String text) {
        Path given = workingDir.toAbsolutePath().resolve(text);
        Path path = given.getRoot();
        for (Path name : given) {
            switch (name.toString()) {
                case "", "." -> { }
                case ".." -> path = path.equals(given.getRoot()) ? path : parent(FolderNesting.real(path));
                default -> path = path.resolve(name);
            }
        }
        return path;
    }

    private static Path parent(Path path) {
        return path.getParent() == null ? path : path.getParent();
    }
}
