package dev.dromedary.source;

import java.nio.file.Path;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import dev.dromedary.change.RawPath;

/**
 * Which file system a path lies on: {@code f_fsid} of statfs(2), which most file systems make of their UUID. The number of a
 * device (st_dev) does not tell: the next disk that is mounted gets the one that has become free.
 */
final class FileSystemId {

    // struct statfs of 64-bit Linux (asm-generic/statfs.h): seven words of 8 bytes come before it
    private static final int OFFSET = 56;
    private static final int SIZE = 120;

    private FileSystemId() {
    }

    /** {@return the id as hexadecimal digits; null where the system or the file system has none} */
    static String of(Path path) {
        if (!Platform.isLinux() || !Platform.is64Bit()) {
            return null;
        }
        try (Memory statfs = new Memory(SIZE)) {
            statfs.clear();
            if (Calls.statfs(RawPath.bytes(RawPath.of(path) + '\0'), statfs) != 0) {
                return null;
            }
            long id = statfs.getLong(OFFSET);
            return id == 0 ? null : Long.toHexString(id);
        } catch (LinkageError e) {
            // JNA may not run its library here; the watch says so, and what to do
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
