package dev.dromedary.watch;

import java.util.Arrays;

/**
 * A persistent handle of a file or folder that survives moves (name_to_handle_at(2)): the file system, and bytes that only that file system
 * understands. It is not reused for another file, because the bytes include a generation number.
 */
final class FileHandle {

    private final long fileSystem;
    private final int type;
    private final byte[] bytes;
    private final int hash;

    /**
     * @param fileSystem f_fsid of statfs(2)
     * @param type       handle_type of struct file_handle
     * @param bytes      f_handle of struct file_handle; must not be modified afterwards
     */
    FileHandle(long fileSystem, int type, byte[] bytes) {
        this.fileSystem = fileSystem;
        this.type = type;
        this.bytes = bytes;
        this.hash = (Arrays.hashCode(bytes) * 31 + type) * 31 + Long.hashCode(fileSystem);
    }

    long fileSystem() {
        return fileSystem;
    }

    int type() {
        return type;
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileHandle handle && hash == handle.hash && fileSystem == handle.fileSystem && type == handle.type
                && Arrays.equals(bytes, handle.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
