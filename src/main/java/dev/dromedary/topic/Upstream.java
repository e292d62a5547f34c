package dev.dromedary.topic;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.clock.SteadyClock;

/**
 * What a folder is pulled from that is published again: as long as it is not in line with that, others must not be brought in line
 * with it, or a host that begins anew would empty all of them. For several threads.
 */
public final class Upstream {

    private final Backlog backlog;
    private final SubscriptionHealth following;
    private final long begunMillis = SteadyClock.millis();
    private boolean known;

    /**
     * @param backlog   of what is to be pulled into the folder
     * @param following how its topic is followed
     */
    public Upstream(Backlog backlog, SubscriptionHealth following) {
        this.backlog = backlog;
        this.following = following;
    }

    /** {@return why nothing may be published yet, in plain words; null if it may be} */
    synchronized String waits() {
        // who is given something to read has found out by then whether something was missed
        known |= following.assigned() && backlog.isInLine();
        return known ? null : "it is not in line yet with what it is pulled from itself (" + backlog.id() + ')';
    }

    /** {@return since when a change is not here, or may not be, by {@link SteadyClock}; Long.MAX_VALUE if none is} */
    long since() {
        long unheard = following.fault() == null ? Long.MAX_VALUE : following.lastRecord() == 0 ? begunMillis : following.lastRecord();
        return Math.min(unheard, Math.min(backlog.since(), following.pendingSince()));
    }
}
