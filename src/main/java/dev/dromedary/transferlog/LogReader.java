package dev.dromedary.transferlog;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import dev.dromedary.change.RawPath;
import dev.dromedary.rsync.ItemizedChange.Action;

/**
 * Reads the log, also while this or another process writes it. Invalid lines are skipped, and an incomplete last line is not read. Safe for
 * use by several threads.
 */
public final class LogReader {

    private static final int BLOCK = 1 << 16;
    private static final int LONGEST_LINE = 1 << 17;

    /**
     * A part of the log.
     *
     * @param entries  the newest last
     * @param next     the position after all that was read
     * @param complete whether everything that was requested has been read; if not, the maximum number of bytes was reached
     */
    public record Page(List<TransferEntry> entries, LogPosition next, boolean complete) {
    }

    private final Path folder;

    /** @param stateDir a state folder */
    public LogReader(Path stateDir) {
        this.folder = TransferLog.folder(stateDir);
    }

    /** {@return the folder of the log; it need not exist} */
    public Path folder() {
        return folder;
    }

    /**
     * Returns the newest entries.
     *
     * @param limit     the maximum number of entries
     * @param mostBytes the maximum number of bytes to read
     */
    public Page newest(int limit, TransferQuery query, long mostBytes) throws IOException {
        List<TransferEntry> entries = new ArrayList<>();
        Backwards all = new Backwards(mostBytes, line -> {
            if (entries.size() < limit && query.mayFit(line)) {
                TransferEntry.parse(line).filter(query::fits).ifPresent(entries::add);
            }
            return entries.size() < limit;
        });
        all.read();
        Collections.reverse(entries);
        return new Page(entries, all.end, all.complete);
    }

    /**
     * Returns the newest entry about a path at a target, or about a parent folder that was moved with it. Empty if there is none in the
     * existing files, or in the last {@code mostBytes} of them.
     *
     * @param target mirror/target
     * @param path   in the notation of {@link RawPath}
     */
    public Optional<TransferEntry> lastOf(String target, String path, long mostBytes) throws IOException {
        String shown = RawPath.escape(path);
        String itself = TransferEntry.pair("path", shown);
        String moved = TransferEntry.pair("action", Action.MOVED.text());
        TransferEntry[] found = new TransferEntry[1];
        new Backwards(mostBytes, line -> {
            if (line.contains(itself) || line.contains(moved)) {
                found[0] = TransferEntry.parse(line).filter(entry -> entry.id().equals(target) && (entry.path().equals(shown)
                        || entry.action() == Action.MOVED && RawPath.isAt(shown, entry.path()))).orElse(null);
            }
            return found[0] == null;
        }).read();
        return Optional.ofNullable(found[0]);
    }

    /** Reads lines from the newest to the oldest. */
    private final class Backwards {

        private final Predicate<String> lines;
        private long left;
        private LogPosition end;
        private boolean complete = true;
        private boolean goesOn = true;

        /** @param lines receives each line, and returns whether to continue */
        Backwards(long mostBytes, Predicate<String> lines) {
            this.left = mostBytes;
            this.lines = lines;
        }

        void read() throws IOException {
            List<LogSegment> all = LogSegment.in(folder);
            for (int i = all.size() - 1; i >= 0 && goesOn; i--) {
                if (left <= 0) {
                    complete = false;
                    break;
                }
                try (FileChannel file = open(all.get(i))) {
                    read(file, all.get(i).number());
                } catch (NoSuchFileException e) {
                    // it has expired meanwhile
                    break;
                }
            }
            end = end == null ? LogPosition.START : end;
        }

        private void read(FileChannel file, long number) throws IOException {
            byte[] behind = {};
            boolean ended = false;
            for (long at = file.size(); at > 0 && goesOn;) {
                if (left <= 0) {
                    complete = false;
                    goesOn = false;
                    return;
                }
                int length = (int) Math.min(BLOCK, at);
                at -= length;
                left -= length;
                byte[] block = block(file, at, length, behind);
                int lineEnd = block.length;
                for (int i = length - 1; i >= 0 && goesOn; i--) {
                    if (block[i] != '\n') {
                        continue;
                    }
                    if (ended) {
                        goesOn = lines.test(new String(block, i + 1, lineEnd - i - 1, StandardCharsets.UTF_8));
                    } else if (end == null) {
                        end = new LogPosition(number, at + i + 1);
                    }
                    ended = true;
                    lineEnd = i;
                }
                behind = ended && lineEnd < LONGEST_LINE ? Arrays.copyOf(block, lineEnd) : new byte[0];
            }
            if (ended && goesOn) {
                goesOn = lines.test(new String(behind, StandardCharsets.UTF_8));
            }
            end = end == null ? new LogPosition(number, 0) : end;
        }

        private byte[] block(FileChannel file, long at, int length, byte[] behind) throws IOException {
            ByteBuffer block = ByteBuffer.allocate(length + behind.length);
            block.limit(length);
            while (block.hasRemaining() && file.read(block, at + block.position()) > 0) {
                // the rest comes with the next call
                continue;
            }
            block.position(length).limit(length + behind.length);
            block.put(behind);
            return block.array();
        }
    }

    /**
     * Returns the entries after a position.
     *
     * @param after     the position; if its file no longer exists, or this log was removed, reading starts at the oldest file
     * @param limit     the maximum number of entries
     * @param mostBytes the maximum number of bytes to read
     * @return the page; it is complete if everything up to the end has been read
     */
    public Page after(LogPosition after, int limit, TransferQuery query, long mostBytes) throws IOException {
        List<LogSegment> all = LogSegment.in(folder);
        List<TransferEntry> entries = new ArrayList<>();
        if (all.isEmpty()) {
            return new Page(entries, after, true);
        }
        long newest = all.get(all.size() - 1).number();
        Forwards forwards = new Forwards(after.file() > newest ? LogPosition.START : after, limit, mostBytes, query, entries);
        for (LogSegment segment : all) {
            if (segment.number() >= forwards.position.file() && !(segment.number() < newest && isTooOld(segment, query))) {
                try (FileChannel file = open(segment)) {
                    if (!forwards.read(file, segment.number())) {
                        return new Page(entries, forwards.position, false);
                    }
                } catch (NoSuchFileException e) {
                    // it has expired meanwhile
                    continue;
                }
            }
        }
        return new Page(entries, forwards.position, true);
    }

    private static boolean isTooOld(LogSegment segment, TransferQuery query) throws IOException {
        return query.since() != null && Files.exists(segment.path())
                && Files.getLastModifiedTime(segment.path()).toInstant().isBefore(query.since());
    }

    /** Reads lines from the oldest to the newest. */
    private static final class Forwards {

        private final int limit;
        private final TransferQuery query;
        private final List<TransferEntry> entries;
        private LogPosition position;
        private long left;

        Forwards(LogPosition position, int limit, long mostBytes, TransferQuery query, List<TransferEntry> entries) {
            this.position = position;
            this.limit = limit;
            this.left = mostBytes;
            this.query = query;
            this.entries = entries;
        }

        /** Returns false if it has stopped at a limit. */
        boolean read(FileChannel file, long number) throws IOException {
            long size = file.size();
            long at = position.file() == number && position.offset() <= size ? position.offset() : 0;
            position = new LogPosition(number, at);
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            for (int length; at < size && (length = file.read(block.clear(), at)) > 0; at += length) {
                if (left <= 0) {
                    return false;
                }
                left -= length;
                int from = 0;
                for (int i = 0; i < length; i++) {
                    if (block.array()[i] != '\n') {
                        continue;
                    }
                    if (entries.size() == limit) {
                        return false;
                    }
                    line.write(block.array(), from, i - from);
                    take(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                    from = i + 1;
                    position = new LogPosition(number, at + from);
                }
                line.write(block.array(), from, length - from);
                if (line.size() > LONGEST_LINE) {
                    // not written by us
                    line.reset();
                }
            }
            return true;
        }

        private void take(String line) {
            if (query.mayFit(line)) {
                TransferEntry.parse(line).filter(query::fits).ifPresent(entries::add);
            }
        }
    }

    private static FileChannel open(LogSegment segment) throws IOException {
        return FileChannel.open(segment.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }
}
