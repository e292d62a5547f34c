package dev.dromedary.config;

import java.nio.file.Path;

import dev.dromedary.mount.FolderNesting;

/** Where a path of the configuration really is. */
final class PathNormalizer {

    private PathNormalizer() {
    }

    /**
     * {@return the path without "." and ".."}
     * Links are kept, but ".." behind a link is taken as the system takes it: {@link Path#normalize()} would name another
     * folder, and that one would be mirrored, or emptied.
     *
     * @throws java.nio.file.InvalidPathException if the system has no such name
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
