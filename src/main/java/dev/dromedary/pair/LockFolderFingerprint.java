package dev.dromedary.pair;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import dev.dromedary.mount.FileSystemId;
import dev.dromedary.state.JsonFile;
import org.apache.camel.util.json.JsonObject;

/**
 * Recognizes the folder of a pair. If the shared storage is not mounted, another folder lies at its path, and a lock in it would be visible
 * to only one of the two processes. So the folder's identity at the start is checked before each attempt to lead, and by the leader each
 * second. The folder is never created here. Safe for use by several threads.
 */
public final class LockFolderFingerprint {

    /**
     * The identity of the folder.
     *
     * @param inode      st_ino of stat(2)
     * @param device     st_dev; another mount of the same storage may change it
     * @param fileSystem its file system ({@link FileSystemId}); null if unknown
     */
    private record Identity(long inode, long device, String fileSystem) {

        static Identity of(Path folder) throws IOException {
            if (!Files.isDirectory(folder)) {
                throw new IOException("there is no such folder");
            }
            return new Identity(((Number) Files.getAttribute(folder, "unix:ino")).longValue(),
                    ((Number) Files.getAttribute(folder, "unix:dev")).longValue(), FileSystemId.of(folder));
        }

        /** A file system without an id of its own has another device after a restart of the machine. */
        boolean isSameAs(Identity other, boolean sameBoot) {
            return inode == other.inode && Objects.equals(fileSystem, other.fileSystem)
                    && (fileSystem != null || !sameBoot || device == other.device);
        }
    }

    private static final int VERSION = 1;

    private final Path path;
    private final Identity known;

    private LockFolderFingerprint(Path path, Identity known) {
        this.path = path;
        this.known = known;
    }

    /**
     * Returns the folder in its current state.
     *
     * @param stateDir the folder that keeps its identity between starts
     * @throws IOException if it does not exist, or is another one than at the previous start; the message says what to do
     */
    public static LockFolderFingerprint at(Path path, Path stateDir) throws IOException {
        String fault = fault(path, stateDir);
        if (fault != null) {
            throw new IOException(fault);
        }
        return new LockFolderFingerprint(path, Identity.of(path));
    }

    /** {@return why a folder is not the one of the last start, for a check beforehand; null if it is, or there was no start} */
    public static String fault(Path path, Path stateDir) {
        Path file = file(stateDir);
        try {
            Identity now = Identity.of(path);
            Identity before = read(file, path);
            return before == null || now.isSameAs(before, false) ? null : "dromedary.pair = " + path + ": this is another folder than at"
                    + " the last start, so the other process of the pair may see another one. Is its storage mounted? If this is the right one: rm "
                    + file;
        } catch (IOException e) {
            return "dromedary.pair = " + path + ": it can't be examined (" + e.getMessage() + "). Mount its storage; if this is the first"
                    + " start of the pair: mkdir " + path + ". " + file + " remembers the folder";
        }
    }

    private static Path file(Path stateDir) {
        return stateDir.resolve("pair.json");
    }

    private static Identity read(Path file, Path path) throws IOException {
        return new JsonFile(file, VERSION).read(json -> path.toString().equals(json.getString("folder"))
                ? new Identity(json.getLong("inode"), json.getLong("device"), json.getString("fileSystem")) : null).orElse(null);
    }

    /** Stores its identity for the next start. */
    void remember(Path stateDir) throws IOException {
        JsonObject json = new JsonObject();
        json.put("folder", path.toString());
        json.put("inode", known.inode);
        json.put("device", known.device);
        json.put("fileSystem", known.fileSystem);
        new JsonFile(file(stateDir), VERSION).write(json);
    }

    Path path() {
        return path;
    }

    /** {@return why this is not the folder of the start, in plain words; null if it is} */
    String fault() {
        try {
            return Identity.of(path).isSameAs(known, true) ? null : path + ", the folder of the pair, is not the one that it was at the start;"
                    + " is its storage mounted? It continues automatically when the right one is back";
        } catch (IOException e) {
            return path + ", the folder of the pair, can't be examined (" + e.getMessage() + "); is its storage mounted? It"
                    + " continues automatically when it is back";
        }
    }
}
