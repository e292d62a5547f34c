package dev.dromedary.status;

import java.util.IdentityHashMap;
import java.util.Map;

import dev.dromedary.rsync.RunStats;
import dev.dromedary.rsync.TransferProgress;

/** What one target's runs have carried since somebody last asked, those that still run among them. Safe for use by several threads. */
final class ThroughputMeter {

    private static final class Counted {
        private long bytes;
        private long files;
    }

    // a run is counted while it goes on, and the rest of it at its end
    private final Map<RunLedger.Entry, Counted> running = new IdentityHashMap<>();
    private long slowestMillis;
    private long bytes;
    private long files;

    /** Counts how far the runs are that are under way. */
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

    /** Counts what a run has brought, and how old the oldest change in it had become. */
    synchronized void ended(RunLedger.End end) {
        RunStats figures = end.run().figures().figures();
        Counted counted = running.remove(end.run());
        bytes += Math.max(0, figures.bytes() - (counted == null ? 0 : counted.bytes));
        files += Math.max(0, figures.files() - (counted == null ? 0 : counted.files));
        if (end.arrived()) {
            slowestMillis = Math.max(slowestMillis, end.age().toMillis());
        }
    }

    /** Whether there is anything to take. */
    synchronized boolean isAny() {
        return slowestMillis > 0 || bytes > 0 || files > 0;
    }

    /**
     * Takes what was counted, and begins anew.
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
