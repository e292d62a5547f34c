package dev.dromedary.watch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import com.sun.jna.Memory;
import com.sun.jna.Native;

/** Lists folders with getdents64(2). Not thread-safe. */
final class DirectoryReader {

    /** Receives the entries of a folder. */
    @FunctionalInterface
    interface Visitor {

        /**
         * @param folder the descriptor of the folder, open only during this call
         * @param type   d_type of readdir(3); {@link LibC#DT_UNKNOWN} if the file system does not report it
         * @param name   raw bytes
         */
        void entry(int folder, byte type, String name);
    }

    private final Memory entries = new Memory(1 << 15);
    // the same bytes; reading them does not call JNI
    private final ByteBuffer entry = entries.getByteBuffer(0, entries.size()).order(ByteOrder.nativeOrder());

    /**
     * Visits all entries of a folder except "." and "..". The visitor must not list another folder.
     *
     * @param path in the form of {@link LibC#cString}
     * @return 0 on success, otherwise the error number, such as ENOENT if the folder is gone
     */
    int of(byte[] path, Visitor visitor) {
        int folder = LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC);
        if (folder < 0) {
            return Native.getLastError();
        }
        try {
            long length;
            while ((length = LibC.getdents64(folder, entries, entries.size())) > 0) {
                for (int at = 0; at < length; at += entry.getShort(at + 16) & 0xffff) {
                    if (!isItselfOrParent(at + 19)) {
                        visitor.entry(folder, entry.get(at + 18), name(entries, at + 19L));
                    }
                }
            }
            return length == 0 ? 0 : Native.getLastError();
        } finally {
            LibC.close(folder);
        }
    }

    private boolean isItselfOrParent(int at) {
        return entry.get(at) == '.' && (entry.get(at + 1) == 0 || entry.get(at + 1) == '.' && entry.get(at + 2) == 0);
    }

    /** {@return the bytes up to a NUL, in the notation of {@link dev.dromedary.change.RawPath}} */
    static String name(Memory memory, long at) {
        int length = (int) (memory.indexOf(at, (byte) 0));
        return new String(memory.getByteArray(at, length), StandardCharsets.ISO_8859_1);
    }
}
