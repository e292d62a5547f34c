package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.CRC32;

/**
 * The folder for the sockets of ssh's shared connections. It is not in the state folder, as the path of a socket is limited to some hundred
 * bytes (unix(7)), of which ssh takes 60. It is the same at each start, so that the sockets of a killed program are found.
 */
public final class SshControlSockets {

    private SshControlSockets() {
    }

    /** Returns its usual location; nothing is created. */
    public static Path usual(Path stateDir) {
        CRC32 crc = new CRC32();
        crc.update(stateDir.toString().getBytes(StandardCharsets.UTF_8));
        return Path.of(System.getProperty("java.io.tmpdir"),
                "dromedary-" + System.getProperty("user.name") + "-" + Long.toHexString(crc.getValue()));
    }

    /** Creates it if it does not exist. Nobody else may look into it. */
    public static Path folder(Path stateDir) throws IOException {
        Path folder = usual(stateDir);
        try {
            return Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            boolean ours = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(stateDir))
                    && PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)).equals("rwx------");
            // somebody else has created it: use one with an unpredictable name
            return ours ? folder : Files.createTempDirectory("dromedary-");
        }
    }
}
