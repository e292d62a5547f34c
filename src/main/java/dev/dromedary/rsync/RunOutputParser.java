package dev.dromedary.rsync;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final int USUAL_LINE = 200;
    // longer lines are none of those that are wanted: of a path each byte may be written as five
    private static final int LONGEST_LINE = USUAL_LINE + 5 * RawPath.LONGEST;

    private static final String PASSED_OVER = " is over max-size";
    // another process of rsync writes it, and so it may have no end of its own
    private static final Pattern BEFORE = Pattern.compile(" *[\\d,.]+ +\\d+% +\\S+ +\\d+:\\d\\d:\\d\\d(?: {2}| \\(xfr#\\d+, (?:to|ir)-chk=\\d+/\\d+\\))");

    private final Consumer<ItemizedChange> changes;

    private volatile TransferProgress advance = TransferProgress.NONE;
    private volatile RunStats figures = RunStats.NONE;
    private volatile boolean cutOff;
    private final Set<String> passedOver = ConcurrentHashMap.newKeySet();

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

    /** The files that it has left alone as they are too large for it (rsync(1), --max-size); and maybe paths that are none. */
    Set<String> passedOver() {
        return Set.copyOf(passedOver);
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
        passedOver.clear();
        StringBuilder line = new StringBuilder(USUAL_LINE);
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

    /** Tells of what was done at the target by another run, which prepared this one. */
    void tell(ItemizedChange change) {
        changes.accept(change);
    }

    private void take(String line, boolean lately) {
        // a name may look like anything: what is no path does no harm
        if (line.endsWith(PASSED_OVER)) {
            String name = line.substring(0, line.length() - PASSED_OVER.length());
            passedOver.add(ItemizedChange.path(name));
            Matcher before = BEFORE.matcher(name);
            if (before.lookingAt()) {
                passedOver.add(ItemizedChange.path(name.substring(before.end())));
            }
        }
        if (line.startsWith(ItemizedLine.PREFIX)) {
            ItemizedChange.of(line).ifPresent(changes);
        } else if (lately && line.indexOf('%') > 0) {
            advance.next(line).ifPresent(next -> advance = next);
        } else if (line.startsWith("Number of ") || line.startsWith("Total ")) {
            figures = figures.with(line);
        }
    }
}
