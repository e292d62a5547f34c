package dev.dromedary.rsync;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What one run tells of itself by standard output, while it goes on and at its end. One thread reads, others look. */
public class RunFigures {

    /** Property of a message: who wants to know of its run. */
    public static final String PROPERTY = "DromedaryRunFigures";

    // most runs are over by then, and nothing may make them longer
    private static final long AT_ONCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long BREATH_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    // all that has gathered is read at once (pipe(7), "Pipe capacity"): rsync waits while there is no more room for it
    private static final int PIPE = 65_536;

    // longer lines are none of those that are wanted
    private static final int LONGEST_LINE = 200;

    private volatile Advance advance = Advance.NONE;
    private volatile Figures figures = Figures.NONE;
    private volatile boolean cutOff;

    /** How far it is. */
    public Advance advance() {
        return advance;
    }

    /** What it has brought; nothing before its end. */
    public Figures figures() {
        return figures;
    }

    /** Notes that an attempt was cut off, whatever becomes of the next. */
    void cutOff() {
        cutOff = true;
    }

    /** Whether an attempt was cut off, so that it may have left something behind. */
    boolean wasCutOff() {
        return cutOff;
    }

    /** Reads to the end and keeps no more than the figures; what was known of an earlier attempt is forgotten. */
    void read(InputStream output) throws IOException {
        advance = Advance.NONE;
        figures = Figures.NONE;
        StringBuilder line = new StringBuilder(LONGEST_LINE);
        byte[] buffer = new byte[PIPE];
        long started = 0;
        for (int length; (length = output.read(buffer)) >= 0;) {
            long now = System.nanoTime();
            started = started == 0 ? now : started;
            if (now - started > AT_ONCE_NANOS) {
                // a line a file comes: who wakes for each of them takes the time from rsync
                LockSupport.parkNanos(BREATH_NANOS);
            }
            // of a burst of progress lines only the last one counts
            int last = lastReturn(buffer, length);
            for (int i = 0; i < length; i++) {
                if (buffer[i] == '\n' || buffer[i] == '\r') {
                    take(line.toString(), i >= last);
                    line.setLength(0);
                } else if (line.length() < LONGEST_LINE) {
                    line.append((char) (buffer[i] & 0xff));
                }
            }
        }
        take(line.toString(), true);
    }

    private static int lastReturn(byte[] buffer, int length) {
        for (int i = length - 1; i >= 0; i--) {
            if (buffer[i] == '\r') {
                return i;
            }
        }
        return 0;
    }

    private void take(String line, boolean lately) {
        if (lately && line.indexOf('%') > 0) {
            advance.next(line).ifPresent(next -> advance = next);
        } else if (line.startsWith("Number of ") || line.startsWith("Total ")) {
            figures = figures.with(line);
        }
    }
}
