package dev.dromedary.status;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import dev.dromedary.change.RawPath;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.rsync.RunOutputParser;
import dev.dromedary.rsync.RunStats;

/** Keeps the results of one target's runs since the start. Safe for use by several threads. */
final class RunLedger {

    /**
     * A run that has begun; its times are those of {@link SteadyClock}.
     *
     * @param since     the time of the oldest change in it
     * @param wholeTree whether it compares the whole source
     * @param path      the path that it sends, if it is only one; otherwise null
     */
    record Entry(String way, boolean trees, boolean wholeTree, boolean byContent, int paths, String path, long since, long started,
            RunOutputParser figures) {
    }

    /**
     * The end of a run.
     *
     * @param run     the run
     * @param at      when it ended, by {@link SteadyClock}
     * @param outcome in small letters
     * @param cause   groups runs that ended alike; null if all arrived
     * @param reason  in plain words; null if all arrived
     */
    record End(Entry run, long at, String outcome, String cause, String reason) {

        boolean arrived() {
            return outcome.equals("arrived");
        }

        Duration took() {
            return Duration.ofMillis(at - run.started());
        }

        /** Returns the age that the oldest change in it had reached. */
        Duration age() {
            return Duration.ofMillis(at - run.since());
        }
    }

    private final Map<Object, Entry> present = new LinkedHashMap<>();
    private final Map<String, Long> failures = new TreeMap<>();
    private final Consumer<End> listener;
    private Instant lastArrival;
    private StatusSnapshot.Reconcile lastReconcile;
    private long runs;
    private long files;
    private long bytes;
    private long sent;
    private long received;
    private long deletes;

    /** @param listener is told of each end */
    RunLedger(Consumer<End> listener) {
        this.listener = listener;
    }

    /** @param key identifies the run when it ends */
    synchronized void begin(Object key, Entry run) {
        present.put(key, run);
    }

    /** Drops an entry that was no run. */
    synchronized void drop(Object key) {
        present.remove(key);
    }

    void end(Object key, String outcome, String cause, String reason) {
        End end = add(key, outcome, cause, reason);
        if (end != null) {
            listener.accept(end);
        }
    }

    private synchronized End add(Object key, String outcome, String cause, String reason) {
        Entry run = present.remove(key);
        if (run == null) {
            return null;
        }
        RunStats figures = run.figures().figures();
        runs++;
        files += figures.files();
        bytes += figures.bytes();
        sent += figures.sent();
        received += figures.received();
        deletes += figures.deleted();
        long at = SteadyClock.millis();
        End end = new End(run, at, outcome, cause, reason);
        if (!end.arrived()) {
            failures.merge(cause, 1L, Long::sum);
        }
        if (end.arrived() || outcome.equals("partly")) {
            lastArrival = SteadyClock.shown(at);
        }
        if (run.wholeTree()) {
            lastReconcile = new StatusSnapshot.Reconcile(SteadyClock.shown(at), end.took(), run.byContent(), outcome, reason, figures);
        }
        return end;
    }

    /** Returns the runs in progress. */
    synchronized List<Entry> running() {
        return List.copyOf(present.values());
    }

    synchronized StatusSnapshot.Past past() {
        List<StatusSnapshot.Present> now = present.values().stream().map(run -> new StatusSnapshot.Present(run.way(), run.trees(),
                run.paths(), run.path() == null ? null : RawPath.shown(run.path()), SteadyClock.shown(run.started()),
                run.figures().advance())).toList();
        return new StatusSnapshot.Past(now, lastArrival, lastReconcile,
                new StatusSnapshot.Totals(runs, files, bytes, sent, received, deletes, new TreeMap<>(failures)));
    }
}
