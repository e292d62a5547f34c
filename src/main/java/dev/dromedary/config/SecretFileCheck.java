package dev.dromedary.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

import dev.dromedary.source.ReadAccess;

/** Checks a file that holds a password: it must exist, be readable for this process, and for nobody else. */
public final class SecretFileCheck {

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private SecretFileCheck() {
    }

    /**
     * {@return the fault, if there is any}
     *
     * @param key   the key that names it
     * @param value the value of the key
     * @param file  the file that the value stands for
     * @param write what has to be written into it, such as "the password"
     */
    public static Optional<ConfigFault> fault(String key, String value, Path file, String write) {
        if (!Files.isRegularFile(file)) {
            return Optional.of(new ConfigFault(key, value, Files.exists(file) ? file + " is not a file" : file + " does not exist",
                    "write " + write + " into it, and chmod 600 " + file));
        }
        if (!ReadAccess.isPossibleOf(file)) {
            return Optional.of(new ConfigFault(key, value, file + " cannot be read by " + System.getProperty("user.name"),
                    "chown it, and chmod 600 " + file));
        }
        if (isMarked(file)) {
            return Optional.of(new ConfigFault(key, value, file + " begins with a byte order mark, which would count as a part of what is in"
                    + " it", "save it as UTF-8 without one"));
        }
        return isOpenToOthers(file) ? Optional.of(new ConfigFault(key, value, file + " is open to other users", "chmod 600 " + file))
                : Optional.empty();
    }

    private static boolean isMarked(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return TextFile.isMarked(in.readNBytes(TextFile.LONGEST_MARK));
        } catch (IOException e) {
            // reported when the file is read
            return false;
        }
    }

    private static boolean isOpenToOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
