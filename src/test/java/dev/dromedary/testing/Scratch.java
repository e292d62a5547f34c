package dev.dromedary.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A folder for one test, in memory where there is room for it, and gone afterwards together with all that the test
 * started: what is {@linkplain #own owned} is closed first, the last one first. Goes with JUnit's {@code @AutoClose}.
 */
public final class Scratch implements AutoCloseable {

    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long ROOM = 512L * 1024 * 1024;

    private final Path root;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    private Scratch(Path root) {
        this.root = root;
    }

    public static Scratch create() {
        try {
            return new Scratch(Files.createTempDirectory(base(), "dromedary-").toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path base() throws IOException {
        boolean room = Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() >= ROOM;
        return room ? MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    }

    public Path root() {
        return root;
    }

    /** A folder below this one, made if it is not there. */
    public Path folder(String name) {
        try {
            return Files.createDirectories(root.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes it before the folder goes. */
    public <T extends AutoCloseable> T own(T thing) {
        owned.push(thing);
        return thing;
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                failure = new IllegalStateException("could not close what the test had started", e);
            }
        }
        try {
            delete(root);
        } catch (IOException e) {
            failure = new UncheckedIOException(e);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Removes a folder with all that is in it, whatever its permissions; a link is removed, never followed. */
    public static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            try (DirectoryStream<Path> inside = Files.newDirectoryStream(path)) {
                for (Path each : inside) {
                    delete(each);
                }
            } catch (NoSuchFileException e) {
                return;
            }
        }
        Files.deleteIfExists(path);
    }
}
