package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Detects by what a process reads and writes whether it still makes progress (proc(5), /proc/pid/io). rsync's own --timeout is not enough:
 * while its peer hangs in the middle of a run, rsync's own keep-alive messages count as activity.
 */
final class StallDetector {

    // some keep-alives have a few bytes each, a transfer has more
    private static final long LEAST_WRITTEN = 1024;

    private final Path file;
    private final long limitNanos;
    private long read = -1;
    private long written = -1;
    private long sinceNanos = System.nanoTime();

    StallDetector(long pid, long limitMillis) {
        this.file = Path.of("/proc/" + pid + "/io");
        this.limitNanos = TimeUnit.MILLISECONDS.toNanos(limitMillis);
    }

    /** Returns whether nothing was read, and next to nothing written, for the whole limit. To be called repeatedly. */
    boolean hasStalled() {
        long nowRead;
        long nowWritten;
        try {
            String text = String.join("\n", Files.readAllLines(file));
            nowRead = value(text, "rchar: ");
            nowWritten = value(text, "wchar: ");
        } catch (IOException e) {
            // it has ended, or the system does not report it: rsync's own timeout has to do
            return false;
        }
        if (nowRead != read || nowWritten - written >= LEAST_WRITTEN) {
            read = nowRead;
            written = nowWritten;
            sinceNanos = System.nanoTime();
        }
        return System.nanoTime() - sinceNanos >= limitNanos;
    }

    private static long value(String text, String name) throws IOException {
        int at = text.indexOf(name);
        if (at < 0) {
            throw new IOException("no " + name);
        }
        int end = text.indexOf('\n', at);
        return Long.parseLong(text.substring(at + name.length(), end < 0 ? text.length() : end).strip());
    }
}
