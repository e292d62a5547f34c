package dev.dromedary.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.function.BiConsumer;

import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;

/**
 * Goes through a source as it is now. It follows no link, and goes past what is left out of the mirror, what is gone by then
 * and what can't be read. Paths are in the notation of {@link RawPath}.
 */
public final class SourceWalk {

    private final Path source;
    private final int prefix;
    private final PathFilter filter;

    public SourceWalk(Path source, PathFilter filter) {
        this.source = source;
        this.prefix = RawPath.of(source).length() + 1;
        this.filter = filter;
    }

    /**
     * Shows what is at a path, and what lies below it.
     *
     * @param depth how many levels below it; 0 for the path alone
     */
    public void from(String top, int depth, BiConsumer<String, BasicFileAttributes> sink) {
        if (depth == 0) {
            alone(RawPath.toPath(source, top), new Visitor(sink));
            return;
        }
        try {
            Files.walkFileTree(top.isEmpty() ? source : RawPath.toPath(source, top), EnumSet.noneOf(FileVisitOption.class),
                    depth, new Visitor(sink));
        } catch (IOException e) {
            throw new UncheckedIOException("the visitor goes past what can't be read", e);
        }
    }

    // the same as a walk of no depth, in a third of the time
    private static void alone(Path path, Visitor visitor) {
        try {
            visitor.show(path, Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            visitor.visitFileFailed(path, e);
        }
    }

    private final class Visitor extends SimpleFileVisitor<Path> {

        private final BiConsumer<String, BasicFileAttributes> sink;

        Visitor(BiConsumer<String, BasicFileAttributes> sink) {
            this.sink = sink;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return show(folder, attributes) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            show(file, attributes);
            return FileVisitResult.CONTINUE;
        }

        private boolean show(Path file, BasicFileAttributes attributes) {
            String raw = RawPath.of(file);
            String path = raw.length() < prefix ? "" : raw.substring(prefix);
            boolean shown = !filter.excludesEntry(path, attributes.isDirectory());
            if (shown) {
                sink.accept(path, attributes);
            }
            return shown;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }
}
