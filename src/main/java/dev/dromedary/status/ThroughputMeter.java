package dev.dromedary.status;

import java.util.IdentityHashMap;
import java.util.Map;

import dev.dromedary.rsync.RunStats;
import dev.dromedary.rsync.TransferProgress;

/** Counts what one target's runs have transferred since the last query, including runs in progress. Safe for use by several threads. */
final class ThroughputMeter {

    private static final class Counted {
        private long bytes;
        private long files;
    }

    // a run is counted while it is in progress, and the rest of it at its end
    private final Map<RunLedger.Entry, Counted> running = new IdentityHashMap<>();
    private long slowestMillis;
    private long bytes;
    private long files;

    /** Counts the progress of the runs in progress. */
    synchronized void look(RunLedger ledger) {
        for (RunLedger.Entry run : ledger.running()) {
            TransferProgress advance = run.figures().advance();
            Counted counted = running.computeIfAbsent(run, begun -> new Counted());
            // less than before: another attempt
            bytes += advance.bytes() < counted.bytes ? advance.bytes() : advance.bytes() - counted.bytes;
            files += advance.files() < counted.files ? advance.files() : advance.files() - counted.files;
            counted.bytes = advance.bytes();
            counted.files = advance.files();
        }
    }

    /** Counts what a run has transferred, and the age that the oldest change in it had reached. */
    synchronized void ended(RunLedger.End end) {
        RunStats figures = end.run().figures().figures();
        Counted counted = running.remove(end.run());
        bytes += Math.max(0, figures.bytes() - (counted == null ? 0 : counted.bytes));
        files += Math.max(0, figures.files() - (counted == null ? 0 : counted.files));
        if (end.arrived()) {
            slowestMillis = Math.max(slowestMillis, end.age().toMillis());
        }
    }

    /** Returns whether anything was counted. */
    synchronized boolean isAny() {
        return slowestMillis > 0 || bytes > 0 || files > 0;
    }

    /**
     * Returns what was counted, and starts again from zero.
     *
     * @param lagMillis the lag at this moment
     */
    synchronized LagTimeSeries.Slot take(long lagMillis) {
        LagTimeSeries.Slot slot = new LagTimeSeries.Slot(Math.max(slowestMillis, lagMillis), bytes, files);
        slowestMillis = 0;
        bytes = 0;
        files = 0;
        return slot;
    }
}
