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

/** Folders that only their owner may look into: what is kept there names the user's files, and says what is carried. */
public final class StateFolder {

    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY = PosixFilePermissions.asFileAttribute(MODE);
    // of what is kept: its kind, its mirror, its target
    private static final int DEPTH = 3;

    private StateFolder() {
    }

    /** Makes a folder, and the ones above it that are missing. */
    public static Path make(Path folder) throws IOException {
        return Files.createDirectories(folder, OWNER_ONLY);
    }

    /** {@return why a folder, which need not be there, is not one to keep state in: others may write to it, or replace it} */
    public static Optional<WritableByOthers> fault(Path stateDir) {
        return fault(stateDir, false);
    }

    /** {@return the same before anything is kept there: root may look at the configuration of a service with a user of its own} */
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
     * Takes away from others what a version before this one, or a person, has let them do with the folders in there.
     *
     * @return a folder in there that is a link, so that what is kept would be written to where it leads; empty if none is
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

            // at the last depth folders are not gone into
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isDirectory()) {
                    close(file);
                } else if (attributes.isSymbolicLink() && Files.isDirectory(file)) {
                    links.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            // a folder that can't be looked into shows nothing to others either
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

    /** Writes a file anew; through a link it writes nothing. */
    public static void write(Path file, byte[] content) throws IOException {
        Files.write(file, content, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    /** The same for a text. */
    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
