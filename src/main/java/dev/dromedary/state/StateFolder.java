package dev.dromedary.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Creates and checks folders that only their owner may read: their content names the user's files, and decides what is sent. */
public final class StateFolder {

    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY = PosixFilePermissions.asFileAttribute(MODE);
    // the levels of the state folder: kind, mirror, target
    private static final int DEPTH = 3;

    private StateFolder() {
    }

    /** Creates a folder, and the missing ones above it. */
    public static Path make(Path folder) throws IOException {
        return Files.createDirectories(folder, OWNER_ONLY);
    }

    /** {@return why a folder, which need not exist, is not fit to keep state in: others may write to it, or replace it} */
    public static Optional<WritableByOthers> fault(Path stateDir) {
        return fault(stateDir, false);
    }

    /**
     * {@return the fault as far as it matters before anything is kept there: root may check the configuration of a service that has its own
     * user}
     */
    public static Optional<WritableByOthers> faultForALook(Path stateDir) {
        return fault(stateDir, WritableByOthers.isRoot());
    }

    private static Optional<WritableByOthers> fault(Path stateDir, boolean ofAnyone) {
        try {
            Optional<WritableByOthers> fault = !Files.exists(stateDir, LinkOption.NOFOLLOW_LINKS) ? Optional.empty()
                    : ofAnyone && Files.isDirectory(stateDir, LinkOption.NOFOLLOW_LINKS) ? WritableByOthers.faultOfMode(stateDir)
                    : WritableByOthers.fault(stateDir);
            return fault.isPresent() ? fault : WritableByOthers.faultAbove(stateDir);
        } catch (IOException e) {
            return Optional.of(new WritableByOthers("its owner can't be read (" + e + ")", "name another folder"));
        }
    }

    /**
     * Removes the permissions of others on the folders in the state folder, which an earlier version or a person may have left.
     *
     * @return a folder in it that is a link, so that files would be written to its destination; empty if there is none
     */
    public static Optional<WritableByOthers> close(Path stateDir) throws IOException {
        List<Path> links = new ArrayList<>();
        Files.walkFileTree(stateDir, Set.of(), DEPTH, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (!folder.equals(stateDir)) {
                    close(folder);
                }
                return FileVisitResult.CONTINUE;
            }

            // folders at the last level are not entered
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isDirectory()) {
                    close(file);
                } else if (attributes.isSymbolicLink() && Files.isDirectory(file)) {
                    links.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            // a folder that can't be read shows nothing to others either
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }

            private void close(Path folder) throws IOException {
                if (!Files.getPosixFilePermissions(folder).equals(MODE)) {
                    Files.setPosixFilePermissions(folder, MODE);
                }
            }
        });
        return links.stream().findFirst().map(link -> new WritableByOthers(link + " is a link to a folder, and what is kept would be"
                + " written to where it leads", "remove the link"));
    }

    /** Replaces the content of a file; never writes through a link. */
    public static void write(Path file, byte[] content) throws IOException {
        Files.write(file, content, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    /** Replaces the content of a file with a text. */
    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
