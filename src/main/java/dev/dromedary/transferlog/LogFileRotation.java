package dev.dromedary.transferlog;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import dev.dromedary.state.StateFolder;

/**
 * Writes the files of the log, of which only the newest grows, and removes those that are too old or too many. For one thread, and for one
 * process at a time.
 */
final class LogFileRotation implements Closeable {

    /** The maximum size of one write. */
    static final int MOST_AT_ONCE = 1 << 16;

    private static final Duration KEPT = Duration.ofDays(30);
    // so that old entries are removed a day late at most
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final long LARGEST = 8L << 20;
    private static final int PARTS = 10;

    private static final Set<OpenOption> HOW = Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    private static final FileAttribute<?> OWNER_ONLY = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;
    private final long most;
    private final long largest;
    private FileChannel channel;
    private LogSegment current;
    private Instant begun;

    /** @param most the maximum total size of all files, in bytes */
    LogFileRotation(Path folder, long most) {
        this.folder = folder;
        this.most = most;
        this.largest = Math.max(MOST_AT_ONCE, Math.min(LARGEST, most / PARTS));
    }

    /**
     * Writes whole lines.
     *
     * @param lines at most {@link #MOST_AT_ONCE} bytes
     * @param at    the time of the first line
     * @throws IOException if none of them could be written, for example if the disk is full
     */
    void append(byte[] lines, Instant at) throws IOException {
        if (channel != null && Files.notExists(current.path(), LinkOption.NOFOLLOW_LINKS)) {
            // somebody has removed it
            close();
        }
        if (channel == null) {
            open(at);
        }
        long size = channel.position();
        if (size > 0 && (size + lines.length > largest || Duration.between(begun, at).compareTo(LONGEST) > 0)) {
            close();
            current = LogSegment.of(folder, current.number() + 1);
            tidy();
            open(at);
            size = channel.position();
        }
        try {
            for (ByteBuffer left = ByteBuffer.wrap(lines); left.hasRemaining();) {
                channel.write(left);
            }
        } catch (IOException e) {
            // a part of it may have been written
            try {
                channel.truncate(size);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            close();
            throw e;
        }
    }

    private void open(Instant at) throws IOException {
        StateFolder.make(folder);
        if (current == null) {
            List<LogSegment> all = LogSegment.in(folder);
            current = all.isEmpty() ? LogSegment.of(folder, 1) : all.get(all.size() - 1);
            begun = at;
            tidy();
        }
        FileChannel opened = FileChannel.open(current.path(), HOW, OWNER_ONLY);
        try {
            long size = opened.size();
            begun = size == 0 ? at : begun(opened, at);
            opened.position(size);
            ByteBuffer last = ByteBuffer.allocate(1);
            if (size > 0 && opened.read(last, size - 1) == 1 && last.get(0) != '\n') {
                // a crash, or a full disk, has truncated the last line
                opened.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
            channel = opened;
        } finally {
            if (channel != opened) {
                opened.close();
            }
        }
    }

    private static Instant begun(FileChannel file, Instant otherwise) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(MOST_AT_ONCE);
        file.read(start, 0);
        String text = new String(start.array(), 0, start.position(), StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        return end < 0 ? otherwise : TransferEntry.parse(text.substring(0, end)).map(TransferEntry::at).orElse(otherwise);
    }

    /** Removes files that are too old, and the oldest ones if the total size is too large. To be called periodically. */
    void tidy() throws IOException {
        Instant oldest = Instant.now().minus(KEPT);
        long left = most - largest;
        List<LogSegment> all = LogSegment.in(folder);
        for (int i = all.size() - 1; i >= 0; i--) {
            LogSegment each = all.get(i);
            boolean written = current != null && each.number() >= current.number();
            try {
                left -= written ? 0 : Files.size(each.path());
                if (Files.getLastModifiedTime(each.path()).toInstant().isBefore(oldest)) {
                    if (written) {
                        close();
                        current = LogSegment.of(folder, each.number() + 1);
                    }
                    Files.delete(each.path());
                } else if (left < 0 && !written) {
                    Files.delete(each.path());
                }
            } catch (NoSuchFileException e) {
                // somebody has removed it
                continue;
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            FileChannel open = channel;
            channel = null;
            open.close();
        }
    }
}
