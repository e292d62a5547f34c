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

/** Parses the standard output of a run, during the run and at its end. One thread reads, others may query it. */
public class RunOutputParser {

    /** Property of a message: the parser of its run. */
    public static final String PROPERTY = "DromedaryRunFigures";

    // most runs have ended by then, and nothing may delay them
    private static final long AT_ONCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long BREATH_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    // reads the whole buffer at once (pipe(7), "Pipe capacity"): rsync blocks while it is full
    private static final int PIPE = 65_536;

    private static final int USUAL_LINE = 200;
    // longer lines are never relevant: each byte of a path may be written as five
    private static final int LONGEST_LINE = USUAL_LINE + 5 * RawPath.LONGEST;

    private static final String PASSED_OVER = " is over max-size";
    // another process of rsync writes it, so it may have no line end
    private static final Pattern BEFORE = Pattern.compile(" *[\\d,.]+ +\\d+% +\\S+ +\\d+:\\d\\d:\\d\\d(?: {2}| \\(xfr#\\d+, (?:to|ir)-chk=\\d+/\\d+\\))");

    private final Consumer<ItemizedChange> changes;

    private volatile TransferProgress advance = TransferProgress.NONE;
    private volatile RunStats figures = RunStats.NONE;
    private volatile boolean cutOff;
    private final Set<String> passedOver = ConcurrentHashMap.newKeySet();

    /** Creates a parser that does not report the change of each path. */
    public RunOutputParser() {
        this(change -> {
        });
    }

    /** @param changes receives each path that is changed at the target as soon as rsync reports it; called by the reading thread */
    public RunOutputParser(Consumer<ItemizedChange> changes) {
        this.changes = changes;
    }

    /** {@return the progress} */
    public TransferProgress advance() {
        return advance;
    }

    /** {@return the final figures; none before the end} */
    public RunStats figures() {
        return figures;
    }

    /** {@return the files that were skipped because they are too large (rsync(1), --max-size)} It may contain strings that are no paths. */
    Set<String> passedOver() {
        return Set.copyOf(passedOver);
    }

    /** Notes that an attempt was cut off, whatever happens to the next one. */
    void cutOff() {
        cutOff = true;
    }

    /** Returns whether an attempt was cut off, so that it may have left temporary files behind. */
    boolean wasCutOff() {
        return cutOff;
    }

    /** Reads to the end and keeps only the figures. The figures of an earlier attempt are dropped. */
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
                // there is a line for each file: waking up for each of them would take time from rsync
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

    /** Reports a change that another run made at the target to prepare this one. */
    void tell(ItemizedChange change) {
        changes.accept(change);
    }

    private void take(String line, boolean lately) {
        // a name may look like anything; a string that is no path does no harm
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
