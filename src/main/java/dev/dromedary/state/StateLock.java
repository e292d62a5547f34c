package dev.dromedary.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a second process from using the same state folder. The system releases the lock however the first process ends. */
public final class StateLock implements AutoCloseable {

    private final FileChannel channel;

    private StateLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws IOException if another process has it; the message says which, and what to do */
    public static StateLock take(Path stateDir) throws IOException {
        Path file = stateDir.resolve("lock");
        FileChannel channel = open(stateDir, file);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                channel.truncate(0).write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n")
                        .getBytes(StandardCharsets.US_ASCII)));
                return new StateLock(channel);
            }
        } catch (OverlappingFileLockException e) {
            // held by this very process
            channel.close();
            throw inUse(stateDir, file);
        }
        channel.close();
        throw inUse(stateDir, file);
    }

    // the content is replaced, so it must not be that of a link's destination
    private static FileChannel open(Path stateDir, Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw noFile(stateDir, file, null);
        }
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (FileSystemException e) {
            throw noFile(stateDir, file, e);
        }
    }

    private static IOException noFile(Path stateDir, Path file, IOException cause) {
        return new IOException("dromedary.state-dir = " + stateDir + ": " + file + (cause == null
                ? " is a link or a folder, and not the file that it has to be; look who has made it, and remove it"
                : " can't be written to (" + cause.getMessage() + "); give " + System.getProperty("user.name")
                        + " the right to, or name another folder"), cause);
    }

    private static IOException inUse(Path stateDir, Path file) throws IOException {
        return new IOException("dromedary.state-dir = " + stateDir + ": process "
                + new String(Files.readAllBytes(file), StandardCharsets.US_ASCII).strip()
                + " uses it; stop that one, or give this one a folder of its own");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
