package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.Move;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.source.SourceGuard;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves files within a pulled folder when they were moved at the source, so that they are not fetched again. Nothing is moved onto an
 * existing file or through a link. Nothing is moved if a part of it is excluded, is on another disk, or would be excluded under its new
 * name. What was moved is then compared as a tree, as the reported move may be wrong.
 */
public final class LocalRename {

    private static final Logger LOG = LoggerFactory.getLogger(LocalRename.class);

    private final SourceGuard folder;
    private final PathFilter filter;

    /**
     * @param folder the local folder
     * @param filter the excluded paths
     */
    public LocalRename(SourceGuard folder, PathFilter filter) {
        this.folder = folder;
        this.filter = filter;
    }

    /**
     * Moves what can be moved. Of {@link BacklogEndpoint} it sets {@code MOVED}, and {@code LANE} to a lane that compares what exists.
     *
     * @throws IOException if the local folder is missing or another one
     */
    public void move(@Body ChangeSet changes, Exchange exchange) throws IOException {
        folder.check();
        ChangeSet again = new ChangeSet();
        boolean any = false;
        boolean certain = true;
        for (Move move : changes.moves()) {
            long since = move.entries().since();
            try {
                move(move);
                any = true;
                certain &= move.certain();
                again.add(move.to(), move.folder() ? Extent.TREE : Extent.ATTRIBUTES, since);
                again.add(move.from(), Extent.TREE, since);
                tell(move, exchange);
            } catch (IOException | UnsupportedOperationException e) {
                LOG.debug("{} is fetched and not moved to {}: {}", RawPath.shown(move.from()), RawPath.shown(move.to()), e.toString());
                move.entries().forEach((path, extent) -> again.add(path, extent, since));
            }
        }
        if (any) {
            exchange.setProperty(BacklogEndpoint.LANE, certain ? "attributes" : "content");
            exchange.setProperty(BacklogEndpoint.MOVED, again);
        }
    }

    private static void tell(Move move, Exchange exchange) {
        RunOutputParser figures = exchange.getProperty(RunOutputParser.PROPERTY, RunOutputParser.class);
        if (figures != null) {
            figures.tell(new ItemizedChange(ItemizedChange.Action.MOVED, move.to(), move.from(), -1));
        }
    }

    private void move(Move move) throws IOException {
        Path top = folder.path();
        Path from = top.relativize(RawPath.toPath(top, move.from()));
        Path to = top.relativize(RawPath.toPath(top, move.to()));
        if (to.startsWith(from) || from.startsWith(to)) {
            throw new IOException("one is in the other");
        }
        Optional<String> obstacle = obstacle(move);
        if (obstacle.isPresent()) {
            throw new IOException(obstacle.get());
        }
        makeParents(top, to);
        try (SecureDirectoryStream<Path> source = open(top, from.getParent()); SecureDirectoryStream<Path> target = open(top, to.getParent())) {
            BasicFileAttributes attributes = attributes(source, from.getFileName());
            if (move.folder() ? !attributes.isDirectory() : !attributes.isRegularFile()) {
                throw new IOException("it is something else here");
            }
            if (isThere(target, to.getFileName())) {
                throw new IOException("there is something in its place");
            }
            source.move(from.getFileName(), target, to.getFileName());
        }
    }

    // excluded paths stay where they are
    private Optional<String> obstacle(Move move) throws IOException {
        Path from = RawPath.toPath(folder.path(), move.from());
        Object disk = Files.getAttribute(folder.path(), "unix:dev");
        String[] obstacle = new String[1];
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
                return Files.getAttribute(path, "unix:dev", LinkOption.NOFOLLOW_LINKS).equals(disk) ? look(path, true)
                        : stop("a disk is mounted in it");
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                return look(path, false);
            }

            private FileVisitResult look(Path path, boolean isFolder) {
                String below = RawPath.of(path).substring(RawPath.of(from).length());
                return filter.excludesEntry(move.from() + below, isFolder) || filter.excludesEntry(move.to() + below, isFolder)
                        ? stop("a part of it is left out of the mirror") : FileVisitResult.CONTINUE;
            }

            private FileVisitResult stop(String why) {
                obstacle[0] = why;
                return FileVisitResult.TERMINATE;
            }
        });
        return Optional.ofNullable(obstacle[0]);
    }

    // the permissions of new folders are set by the run that follows
    private static void makeParents(Path top, Path to) throws IOException {
        for (int i = 1; i < to.getNameCount(); i++) {
            Path parent = top.resolve(to.subpath(0, i));
            if (Files.notExists(parent, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else if (!Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(parent + " is no folder here");
            }
        }
    }

    // name by name, so that no link is followed even if one is created meanwhile
    private static SecureDirectoryStream<Path> open(Path top, Path below) throws IOException {
        SecureDirectoryStream<Path> at = secure(Files.newDirectoryStream(top));
        if (below != null) {
            for (Path name : below) {
                try (SecureDirectoryStream<Path> parent = at) {
                    at = parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
                }
            }
        }
        return at;
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new UnsupportedOperationException("this system can't hold a folder while it is gone through");
    }

    private static BasicFileAttributes attributes(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        return folder.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS).readAttributes();
    }

    private static boolean isThere(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        try {
            attributes(folder, name);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
