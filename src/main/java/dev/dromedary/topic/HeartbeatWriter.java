package dev.dromedary.topic;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.HaltReason;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.source.SourceGuard;
import org.apache.camel.ExchangeProperty;

/**
 * Writes the heartbeats of a source for those who pull from it: at a fixed interval, and at once when it, or a file system below
 * it, is missing or back. Used by one
 * thread at a time.
 */
public final class HeartbeatWriter {

    /** Property: the interval between heartbeats in milliseconds. */
    static final String EVERY = "DromedaryEvery";

    private static final long AGAIN_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int NAMES = 100;
    // a version without heartbeats must not take a halted source for an empty one
    private static final List<String> NO_NAMES = List.of("lost+found");

    private final String mirror;
    private final SourceGuard source;
    private final ChangeRecordWriter records;
    private final Supplier<Backlog> backlog;
    private final Supplier<UpstreamGate> upstream;
    private List<String> names = NO_NAMES;
    private String told;
    private Set<String> toldMissing = Set.of();
    private long dueNanos = System.nanoTime();

    /**
     * @param records  writes the records of changes of the same source
     * @param backlog  the backlog of changes to publish; requested when it exists
     * @param upstream the upstream of the source; requested when it exists, null if the source is not pulled
     */
    public HeartbeatWriter(String mirror, SourceGuard source, ChangeRecordWriter records, Supplier<Backlog> backlog, Supplier<UpstreamGate> upstream) {
        this.upstream = upstream;
        this.mirror = mirror;
        this.source = source;
        this.records = records;
        this.backlog = backlog;
    }

    /** Returns whether a heartbeat has to be written now. */
    public boolean isDue() {
        return System.nanoTime() - dueNanos >= 0 || !Objects.equals(halted(), told) || !source.submounts().missing().keySet().equals(toldMissing);
    }

    private String halted() {
        HaltReason halt = backlog.get().halts().get(BacklogEndpoint.BY_SOURCE);
        UpstreamGate from = upstream.get();
        return halt != null ? halt.reason() : from == null ? null : from.waits();
    }

    /** {@return the record} */
    public String write(@ExchangeProperty(EVERY) long everyMillis) {
        dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(everyMillis);
        told = halted();
        String why = told != null ? told : source.fault().orElse(null);
        try {
            if (why == null) {
                names = records.names(NAMES);
            }
        } catch (IOException e) {
            why = source.path() + " can't be read (" + e + ")";
        }
        UpstreamGate from = upstream.get();
        long since = Math.min(backlog.get().since(), from == null ? Long.MAX_VALUE : from.since());
        SourceIdentity identity = records.identity(names);
        toldMissing = identity.missing();
        return ChangeRecord.of(mirror, identity, new Heartbeat(Instant.now(), everyMillis, why,
                since == Long.MAX_VALUE ? null : SteadyClock.shown(since)), records.order());
    }

    /** Notes the outcome. If the broker did not accept a heartbeat, another one follows soon. */
    public void ended(@ExchangeProperty(BacklogEndpoint.OUTCOME) String outcome) {
        if (!"arrived".equals(outcome)) {
            dueNanos = System.nanoTime() + AGAIN_AFTER_NANOS;
        }
    }
}
