package dev.dromedary.status;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

import dev.dromedary.config.Mirror;
import dev.dromedary.config.Target;
import dev.dromedary.log.LogContext;
import dev.dromedary.log.Redaction;
import dev.dromedary.rsync.DifferenceFormat;
import dev.dromedary.rsync.RsyncVersion;
import dev.dromedary.rsync.TreeComparison;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares targets with their sources by content on request, and keeps the results. */
final class ChecksumVerification {

    private static final Logger LOG = LoggerFactory.getLogger(ChecksumVerification.class);
    private static final int MOST_KEPT = 20;

    /**
     * The result of a comparison.
     *
     * @param begun       when it began
     * @param ended       when it ended; null while it runs
     * @param differing   number of paths that differ
     * @param deleted     number of paths that are only at the target
     * @param differences the first of them, as rsync writes them
     * @param failure     why the comparison failed; null if it did not
     */
    record Result(Instant begun, Instant ended, int differing, int deleted, List<String> differences, String failure) {
    }

    private final ExecutorService threads;
    private final Path stateDir;
    private final Map<String, Result> results = new ConcurrentHashMap<>();

    ChecksumVerification(ExecutorService threads, Path stateDir) {
        this.threads = threads;
        this.stateDir = stateDir;
    }

    /** Returns the last result of a target, or null. */
    Result result(String target) {
        return results.get(target);
    }

    /** Drops all results but those of these targets, mirror/target. */
    void keep(Set<String> targets) {
        results.keySet().retainAll(targets);
    }

    /** Starts a comparison in the background; returns false if one is in progress. */
    boolean begin(Mirror mirror, Target target) {
        Result begun = new Result(Instant.now(), null, 0, 0, List.of(), null);
        Result now = results.compute(target.id(), (id, last) -> last != null && last.ended() == null ? last : begun);
        if (now == begun) {
            threads.execute(() -> results.put(target.id(), compare(mirror, target, begun)));
        }
        return now == begun;
    }

    private Result compare(Mirror mirror, Target target, Result begun) {
        List<String> first = new ArrayList<>();
        String failure;
        TreeComparison.Result result = new TreeComparison.Result(0, 0, 0, null);
        try {
            result = new TreeComparison(new Lines(first), DifferenceFormat.ITEMIZED, stateDir).compare(mirror, target, RsyncVersion.probe(), true);
            failure = result.failure();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = "the program was stopped";
        } catch (Exception e) {
            failure = Redaction.of(e.getMessage());
        }
        LogContext.target(target.id());
        LOG.info("{}: verified: {}", target.id(), failure != null ? "could not be compared: " + failure
                : result.differing() + " differ, " + result.deleted() + " are only at the target");
        LogContext.clear();
        return new Result(begun.begun(), Instant.now(), result.differing(), result.deleted(), List.copyOf(first), failure);
    }

    /** Keeps the first lines. */
    private static final class Lines extends PrintWriter {

        private final List<String> kept;

        Lines(List<String> kept) {
            super(Writer.nullWriter());
            this.kept = kept;
        }

        @Override
        public void println(String line) {
            if (kept.size() < MOST_KEPT) {
                kept.add(line);
            }
        }
    }
}
