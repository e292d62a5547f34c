package dev.dromedary.transferlog;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes entries on a thread of its own, so that no run waits for a disk. Entries that arrive too fast, or can't be written, are dropped
 * and counted, and that is logged from time to time. Safe for use by several threads.
 */
final class LogWriter implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

    private static final int MOST_WAITING = 50_000;
    private static final long TIDY_EVERY_MINUTES = 60;
    private static final long SAY_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long END_WITHIN_MILLIS = 2000;
    private static final List<TransferEntry> END = List.of();

    private final BlockingQueue<List<TransferEntry>> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong missing = new AtomicLong();
    private final LogFileRotation files;
    private final Path folder;
    private final Thread thread = new Thread(this::write, "transfer-log");
    private boolean failing;
    private long saidNanos = System.nanoTime() - SAY_AGAIN_NANOS;

    LogWriter(Path folder, LogFileRotation files) {
        this.folder = folder;
        this.files = files;
        thread.setDaemon(true);
        thread.start();
    }

    /** Enqueues entries for writing; returns at once. */
    void add(List<TransferEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        if (waiting.addAndGet(entries.size()) > MOST_WAITING) {
            waiting.addAndGet(-entries.size());
            missing.addAndGet(entries.size());
        } else {
            queue.add(entries);
        }
    }

    private void write() {
        try {
            for (List<TransferEntry> next; (next = queue.poll(TIDY_EVERY_MINUTES, TimeUnit.MINUTES)) != END;) {
                try {
                    if (next == null) {
                        files.tidy();
                    } else {
                        write(next);
                    }
                } catch (IOException | RuntimeException e) {
                    sayFailure(e);
                }
            }
            files.close();
            if (missing.get() > 0) {
                saidNanos -= SAY_AGAIN_NANOS;
                sayMissing();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            sayFailure(e);
        }
    }

    private void write(List<TransferEntry> entries) throws IOException {
        waiting.addAndGet(-entries.size());
        int written = 0;
        try {
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            int gathered = 0;
            Instant first = entries.get(0).at();
            for (TransferEntry entry : entries) {
                byte[] line = (entry.line() + '\n').getBytes(StandardCharsets.UTF_8);
                if (gathered > 0 && lines.size() + line.length > LogFileRotation.MOST_AT_ONCE) {
                    files.append(lines.toByteArray(), first);
                    written += gathered;
                    gathered = 0;
                    lines.reset();
                    first = entry.at();
                }
                lines.writeBytes(line);
                gathered++;
            }
            files.append(lines.toByteArray(), first);
            written += gathered;
        } finally {
            missing.addAndGet(entries.size() - written);
        }
        failing = false;
        sayMissing();
    }

    private void sayFailure(Exception failure) {
        if (!failing && isTime()) {
            LOG.warn("The transfer log in {} can't be written ({}): what is sent is missing there until it can. Mirroring goes on", folder,
                    failure.toString());
        }
        failing = true;
    }

    private void sayMissing() {
        if (missing.get() > 0 && isTime()) {
            LOG.warn("{} entries are missing in the transfer log in {}: they came faster than they could be written, or the disk was full",
                    missing.getAndSet(0), folder);
        }
    }

    private boolean isTime() {
        boolean is = System.nanoTime() - saidNanos >= SAY_AGAIN_NANOS;
        if (is) {
            saidNanos = System.nanoTime();
        }
        return is;
    }

    /** Writes the queued entries, for two seconds at most. */
    @Override
    public void close() {
        queue.add(END);
        try {
            thread.join(END_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
