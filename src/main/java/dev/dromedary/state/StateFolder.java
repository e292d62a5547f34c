package dev.dromedary.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Folders that only their owner may look into: what is kept there names the user's files. */
public final class StateFolder {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private StateFolder() {
    }

    /** Makes a folder, and the ones above it that are missing. */
    public static Path make(Path folder) throws IOException {
        return Files.createDirectories(folder, OWNER_ONLY);
    }
}
