package common;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Trees of files: copied, removed, counted and compared. */
public final class Trees {

    /** How many files of a tree are compared by content; those beyond are compared by size and time. */
    public static final int COMPARED_BY_CONTENT = 25_000;

    private Trees() {
    }

    /** Makes a tree the same as another. */
    public static void copy(Path from, Path to) throws IOException, InterruptedException {
        Commands.run("rsync", "-a", "--delete", "--modify-window=-1", from + "/", to + "/");
    }

    public static void remove(Path folder) throws IOException, InterruptedException {
        Commands.run("rm", "-rf", folder.toString());
    }

    /** {@return the content of a file, or {@code null} if there is none} */
    public static byte[] readIfExists(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /**
     * {@return how many files are in a tree of the benchmark}
     *
     * <p>It counts by name alone, which is quick: all its folders are called d..., all its files f..., and the unfinished ones of
     * rsync neither.
     */
    public static long countFiles(File folder) {
        String[] names = folder.list();
        long files = 0;
        for (String name : names == null ? new String[0] : names) {
            files += name.startsWith("f") ? 1 : name.startsWith("d") ? countFiles(new File(folder, name)) : 0;
        }
        return files;
    }

    /** {@return the first difference between two trees, or {@code null}} */
    public static String difference(Path source, Path target) throws IOException {
        Comparison comparison = new Comparison(source, target);
        Files.walkFileTree(source, comparison);
        if (comparison.difference != null) {
            return comparison.difference;
        }
        Counter counter = new Counter();
        Files.walkFileTree(target, counter);
        return comparison.entries == counter.entries ? null : counter.entries + " entries instead of " + comparison.entries;
    }

    /** Compares each entry of the source with the target's, up to the first difference. */
    private static final class Comparison extends SimpleFileVisitor<Path> {

        private final Path source;
        private final Path target;
        private long entries;
        private String difference;

        Comparison(Path source, Path target) {
            this.source = source;
            this.target = target;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
            return visitFile(path, attributes);
        }

        @Override
        public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
            Path relative = source.relativize(path);
            String fault = fault(path, attributes, target.resolve(relative), entries++ < COMPARED_BY_CONTENT);
            if (fault == null) {
                return FileVisitResult.CONTINUE;
            }
            difference = relative + fault;
            return FileVisitResult.TERMINATE;
        }

        private static String fault(Path path, BasicFileAttributes expected, Path there, boolean byContent) throws IOException {
            try {
                BasicFileAttributes found = Files.readAttributes(there, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (expected.isDirectory() != found.isDirectory() || expected.isRegularFile() != found.isRegularFile()) {
                    return " has another type";
                }
                if (!expected.isRegularFile()) {
                    return null;
                }
                if (expected.size() != found.size()) {
                    return " has another size";
                }
                if (byContent) {
                    return Files.mismatch(path, there) < 0 ? null : " has another content";
                }
                return expected.lastModifiedTime().equals(found.lastModifiedTime()) ? null : " has another time";
            } catch (NoSuchFileException e) {
                return " is missing";
            }
        }
    }

    /** Counts the entries of a tree, in which files may come and go. */
    private static final class Counter extends SimpleFileVisitor<Path> {

        private long entries;

        @Override
        public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            return visitFile(path, attributes);
        }

        @Override
        public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            entries++;
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path path, IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }
}
