package dev.dromedary.rsync;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import dev.dromedary.change.RawPath;

/** What one run tells of itself by standard output, while it goes on and at its end. One thread reads, others look. */
public class RunOutputParser {

    /** Property of a message: who wants to know of its run. */
    public static final String PROPERTY = "DromedaryRunFigures";

    // most runs are over by then, and nothing may make them longer
    private static final long AT_ONCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long BREATH_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    // all that has gathered is read at once (pipe(7), "Pipe capacity"): rsync waits while there is no more room for it
    private static final int PIPE = 65_536;

    // longer lines are none of those that are wanted
    private static final int LONGEST_LINE = 200;
    // but for what was done to a path: of that each byte may be written as five
    private static final int LONGEST_CHANGE = 200 + 5 * RawPath.LONGEST;

    private final Consumer<ItemizedChange> changes;

    private volatile TransferProgress advance = TransferProgress.NONE;
    private volatile RunStats figures = RunStats.NONE;
    private volatile boolean cutOff;

    /** Nobody wants to know what it does to each path. */
    public RunOutputParser() {
        this(change -> {
        });
    }

    /** @param changes is told of each path that is changed at the target, as soon as rsync says so; by the thread that reads */
    public RunOutputParser(Consumer<ItemizedChange> changes) {
        this.changes = changes;
    }

    /** How far it is. */
    public TransferProgress advance() {
        return advance;
    }

    /** What it has brought; nothing before its end. */
    public RunStats figures() {
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
        advance = TransferProgress.NONE;
        figures = RunStats.NONE;
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
                } else if (line.length() < LONGEST_LINE || line.length() < LONGEST_CHANGE && isChange(line)) {
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

    private static boolean isChange(StringBuilder line) {
        for (int i = 0; i < ItemizedLine.PREFIX.length(); i++) {
            if (line.charAt(i) != ItemizedLine.PREFIX.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Tells of what was done at the target by another run, which prepared this one. */
    void tell(ItemizedChange change) {
        changes.accept(change);
    }

    private void take(String line, boolean lately) {
        // first: a name may look like anything
        if (line.startsWith(ItemizedLine.PREFIX)) {
            ItemizedChange.of(line).ifPresent(changes);
        } else if (lately && line.indexOf('%') > 0) {
            advance.next(line).ifPresent(next -> advance = next);
        } else if (line.startsWith("Number of ") || line.startsWith("Total ")) {
            figures = figures.with(line);
        }
    }
}
