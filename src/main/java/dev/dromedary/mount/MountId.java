package dev.dromedary.mount;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import dev.dromedary.change.RawPath;

/**
 * The number of a mount that no other mount gets until the machine restarts: {@code stx_mnt_id} of statx(2) with
 * {@code STATX_MNT_ID_UNIQUE}, since Linux 6.8. The number in /proc/self/mountinfo is not enough: the next mount gets the one that has become
 * free, and so does the next tmpfs with the number of the device, so that one disk in the place of another leaves the same line there.
 */
final class MountId {

    private static final int AT_FDCWD = -100;
    // linux/fcntl.h: no link is followed, nothing is mounted because of it, and no server is asked
    private static final int FLAGS = 0x100 | 0x800 | 0x4000;
    // linux/stat.h: STATX_MNT_ID_UNIQUE, and where the answer is in struct statx
    private static final int UNIQUE = 0x4000;
    private static final int MASK_AT = 0;
    private static final int ID_AT = 144;
    private static final int SIZE = 256;

    private MountId() {
    }

    /** {@return the number of the mount at a path, in the notation of {@link RawPath}; 0 if it is not known} */
    static long at(String path) {
        try (Memory answer = new Memory(SIZE)) {
            answer.clear();
            boolean is = Calls.statx(AT_FDCWD, RawPath.bytes(path + '\0'), FLAGS, UNIQUE, answer) == 0 && (answer.getInt(MASK_AT) & UNIQUE) != 0;
            return is ? answer.getLong(ID_AT) : 0;
        } catch (LinkageError e) {
            // an older C library, or JNA may not run its own here
            return 0;
        }
    }

    private static final class Calls {

        static {
            Native.register(Calls.class, "c");
        }

        static native int statx(int dir, byte[] path, int flags, int mask, Memory answer);
    }
}
