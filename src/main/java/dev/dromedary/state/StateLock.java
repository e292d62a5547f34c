package dev.dromedary.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a second process from using the same state folder; the system lets go of it however the first one ends. */
public final class StateLock implements AutoCloseable {

    private final FileChannel channel;

    private StateLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws IOException if another process has it; the message says which, and what to do */
    public static StateLock take(Path stateDir) throws IOException {
        Path file = stateDir.resolve("lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                channel.truncate(0).write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n")
                        .getBytes(StandardCharsets.US_ASCII)));
                return new StateLock(channel);
            }
        } catch (OverlappingFileLockException e) {
            // by this very process
            channel.close();
            throw inUse(stateDir, file);
        }
        channel.close();
        throw inUse(stateDir, file);
    }

    private static IOException inUse(Path stateDir, Path file) throws IOException {
        return new IOException("dromedary.state-dir = " + stateDir + ": process " + Files.readString(file).strip()
                + " uses it; stop that one, or give this one a folder of its own");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
