package dev.dromedary.topic;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.TransferClass;
import dev.dromedary.clock.SteadyClock;

/**
 * Blocks the publication of a folder that is itself pulled from an upstream. As long as it is not in line with its upstream, others must
 * not be brought in line with it, or a host that starts over would empty all of them. Thread-safe.
 */
public final class UpstreamGate {

    // they come after the tree that contains them
    private static final Set<TransferClass> LARGE = EnumSet.of(TransferClass.LARGE, TransferClass.LARGE_ATTRIBUTES);

    private final Backlog backlog;
    private final SubscriptionHealth following;
    private final BooleanSupplier lacks;
    private final long begunMillis = SteadyClock.millis();
    private boolean known;

    /**
     * @param backlog   the backlog of changes to pull into the folder
     * @param following the health of its subscription
     * @param lacks     whether dead letters wait that could not be pulled
     */
    public UpstreamGate(Backlog backlog, SubscriptionHealth following, BooleanSupplier lacks) {
        this.backlog = backlog;
        this.following = following;
        this.lacks = lacks;
    }

    /** {@return why nothing may be published yet, in plain words; null if it may be} */
    synchronized String waits() {
        // a process with assigned partitions knows by then whether it has missed anything
        known = known || following.assigned() && backlog.isInLine() && backlog.size(LARGE) == 0 && !lacks.getAsBoolean();
        return known ? null : "it is not in line yet with what it is pulled from itself (" + backlog.id() + ')';
    }

    /** {@return since when a change is or may be missing here, by {@link SteadyClock}; Long.MAX_VALUE if none is} */
    long since() {
        long unheard = following.fault() == null ? Long.MAX_VALUE : following.lastRecord() == 0 ? begunMillis : following.lastRecord();
        return Math.min(unheard, Math.min(backlog.since(), following.pendingSince()));
    }
}
