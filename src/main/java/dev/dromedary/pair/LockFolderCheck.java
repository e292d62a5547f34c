package dev.dromedary.pair;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Checks that the folder of {@code FileLockClusterService} can hold a lock. */
public final class LockFolderCheck {

    private LockFolderCheck() {
    }

    /**
     * Takes a test lock in the folder, and removes it. The real lock file is not opened: closing it would release the lock that this
     * process holds (fcntl(2), "Advisory record locking").
     *
     * @throws IOException if no lock can be taken there; the message says what to do
     */
    public static void check(Path folder) throws IOException {
        for (String name : List.of(LeadershipListener.NAMESPACE, LeadershipListener.NAMESPACE + ".dat")) {
            Path file = folder.resolve(name);
            if (Files.exists(file) && !(Files.isReadable(file) && Files.isWritable(file))) {
                throw refused(folder, name + " in it may not be written to by " + System.getProperty("user.name"),
                        "run both processes as one user");
            }
        }
        try {
            Path trial = Files.createTempFile(folder, ".trial-", ".lock");
            try (FileChannel channel = FileChannel.open(trial, StandardOpenOption.WRITE); FileLock lock = channel.tryLock()) {
                if (lock == null) {
                    throw new IOException("another process has the lock of a new file");
                }
            } finally {
                Files.delete(trial);
            }
        } catch (IOException e) {
            throw refused(folder, "no file can be locked there (" + e.getMessage() + ")",
                    "name a folder on a file system that has locks and that both processes may write to");
        }
    }

    private static IOException refused(Path folder, String why, String wayOut) {
        return new IOException("dromedary.pair = " + folder + ": " + why + "; " + wayOut);
    }
}
