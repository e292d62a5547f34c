package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;

import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;

/** Compares a path in a local target folder with its source, without rsync: kind, size, time, mode and owner. */
record PathComparator(Path source, Path target) {

    /**
     * {@return whether the two look different, so that rsync has to be asked}
     *
     * @param content whether a file's content may differ though it looks the same
     */
    boolean isOther(String path, Extent extent, boolean content) {
        Path here = RawPath.toPath(source, path);
        Path there = RawPath.toPath(target, path);
        return isOther(here, there, content) || extent.compareTo(Extent.ENTRY) > 0 && isOtherBelow(here, there, content);
    }

    private static boolean isOtherBelow(Path here, Path there, boolean content) {
        boolean[] other = new boolean[1];
        SimpleFileVisitor<Path> visitor = new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                return look(folder);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                return look(file);
            }

            private FileVisitResult look(Path path) throws IOException {
                other[0] |= isOther(here.resolve(there.relativize(path)), path, content);
                return other[0] ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }
        };
        try {
            Files.walkFileTree(there, visitor);
            // paths that are missing at the target
            if (!other[0] && Files.isDirectory(here, LinkOption.NOFOLLOW_LINKS)) {
                Files.walkFileTree(here, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        other[0] |= Files.notExists(there.resolve(here.relativize(file)), LinkOption.NOFOLLOW_LINKS);
                        return other[0] ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
                    }
                });
            }
        } catch (IOException e) {
            // one of the two is changing right now
            return true;
        }
        return other[0];
    }

    private static boolean isOther(Path here, Path there, boolean content) {
        PosixFileAttributes one = attributes(here);
        PosixFileAttributes other = attributes(there);
        if (one == null || other == null) {
            return one != other;
        }
        if (one.isDirectory() != other.isDirectory() || one.isRegularFile() != other.isRegularFile()
                || one.isSymbolicLink() != other.isSymbolicLink() || !one.owner().equals(other.owner()) || !one.group().equals(other.group())) {
            return true;
        }
        try {
            if (one.isSymbolicLink()) {
                return !Files.readSymbolicLink(here).equals(Files.readSymbolicLink(there));
            }
        } catch (IOException e) {
            return true;
        }
        // a folder's time depends on its content
        return !one.permissions().equals(other.permissions()) || one.isRegularFile() && (content || one.size() != other.size()
                || !one.lastModifiedTime().equals(other.lastModifiedTime()));
    }

    private static PosixFileAttributes attributes(Path path) {
        try {
            return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return null;
        }
    }
}
