package dev.dromedary.mount;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import dev.dromedary.change.RawPath;

/**
 * Identifies the file system that a path lies on. The device number (st_dev) is not enough, because the next disk that is mounted gets the
 * number that has become free. {@code f_fsid} of statfs(2) identifies the file system if it is derived from an id of the file system
 * itself. XFS and others derive it from the device number. They are identified by their UUID, if the system shows it below /dev/disk.
 */
public final class FileSystemId {

    // f_type and f_fsid in struct statfs of 64-bit Linux (asm-generic/statfs.h)
    private static final int TYPE = 0;
    private static final int ID = 56;
    private static final int SIZE = 120;

    // linux/magic.h: ext2 to ext4, btrfs, tmpfs, f2fs, bcachefs; the last one is OpenZFS
    private static final Set<Long> WITH_AN_ID_OF_THEIR_OWN = Set.of(0xEF53L, 0x9123683EL, 0x01021994L, 0xF2F52010L, 0xCA451A4EL,
            0x2FC12FC1L);
    private static final Path BY_UUID = Path.of("/dev/disk/by-uuid");

    private FileSystemId() {
    }

    /** {@return the id as text; null if it is not known} */
    public static String of(Path path) {
        if (!Platform.isLinux() || !Platform.is64Bit()) {
            return null;
        }
        try (Memory statfs = new Memory(SIZE)) {
            statfs.clear();
            if (Calls.statfs(RawPath.bytes(RawPath.of(path) + '\0'), statfs) != 0) {
                return null;
            }
            if (!WITH_AN_ID_OF_THEIR_OWN.contains(statfs.getLong(TYPE) & 0xffffffffL)) {
                return uuid(path);
            }
            long id = statfs.getLong(ID);
            return id == 0 ? null : Long.toHexString(id);
        } catch (LinkageError e) {
            // JNA may not be able to run its library here; the watch reports it, and the workaround
            return null;
        }
    }

    private static String uuid(Path path) {
        try (DirectoryStream<Path> uuids = Files.newDirectoryStream(BY_UUID)) {
            Object device = Files.getAttribute(path, "unix:dev");
            for (Path uuid : uuids) {
                if (device.equals(Files.getAttribute(uuid, "unix:rdev"))) {
                    return uuid.getFileName().toString();
                }
            }
            return null;
        } catch (IOException e) {
            // most containers have no such folder
            return null;
        }
    }

    private static final class Calls {

        static {
            Native.register(Calls.class, "c");
        }

        static native int statfs(byte[] path, Memory buffer);
    }
}
