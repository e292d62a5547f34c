package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Whether a process still gets on, by what it reads and writes (proc(5), /proc/pid/io). rsync's own --timeout is not
 * enough: while its peer hangs in the middle of a run, its own keep-alive messages count as a life sign.
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

    /** Whether nothing was read, and next to nothing written, for the whole limit; to be asked again and again. */
    boolean hasStalled() {
        long nowRead;
        long nowWritten;
        try {
            String text = String.join("\n", Files.readAllLines(file));
            nowRead = value(text, "rchar: ");
            nowWritten = value(text, "wchar: ");
        } catch (IOException e) {
            // ended, or a system that does not tell: then rsync's own timeout has to do
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
