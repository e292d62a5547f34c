package dev.dromedary.topic;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.TransferClass;
import dev.dromedary.clock.SteadyClock;

/**
 * What a folder is pulled from that is published again: as long as it is not in line with that, others must not be brought in line
 * with it, or a host that begins anew would empty all of them. For several threads.
 */
public final class UpstreamGate {

    // they come after the tree that they are in
    private static final Set<TransferClass> LARGE = EnumSet.of(TransferClass.LARGE, TransferClass.LARGE_ATTRIBUTES);

    private final Backlog backlog;
    private final SubscriptionHealth following;
    private final BooleanSupplier lacks;
    private final long begunMillis = SteadyClock.millis();
    private boolean known;

    /**
     * @param backlog   of what is to be pulled into the folder
     * @param following how its topic is followed
     * @param lacks     whether something that could not be pulled waits on disk
     */
    public UpstreamGate(Backlog backlog, SubscriptionHealth following, BooleanSupplier lacks) {
        this.backlog = backlog;
        this.following = following;
        this.lacks = lacks;
    }

    /** {@return why nothing may be published yet, in plain words; null if it may be} */
    synchronized String waits() {
        // who is given something to read has found out by then whether something was missed
        known = known || following.assigned() && backlog.isInLine() && backlog.size(LARGE) == 0 && !lacks.getAsBoolean();
        return known ? null : "it is not in line yet with what it is pulled from itself (" + backlog.id() + ')';
    }

    /** {@return since when a change is not here, or may not be, by {@link SteadyClock}; Long.MAX_VALUE if none is} */
    long since() {
        long unheard = following.fault() == null ? Long.MAX_VALUE : following.lastRecord() == 0 ? begunMillis : following.lastRecord();
        return Math.min(unheard, Math.min(backlog.since(), following.pendingSince()));
    }
}
