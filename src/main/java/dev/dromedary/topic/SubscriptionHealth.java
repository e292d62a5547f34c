package dev.dromedary.topic;

import java.util.Set;
import java.util.TreeSet;

import dev.dromedary.clock.SteadyClock;
import dev.dromedary.log.Redaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The health of an agent's subscription: whether a broker answers and assigns it partitions, and whether the source sends heartbeats.
 * Written by the thread that reads the topic, read by any thread.
 */
public final class SubscriptionHealth {

    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionHealth.class);
    private static final long A_WHILE_MILLIS = 5000;
    // the time that a broker needs to notice that another process of the group is gone, and a little more
    private static final long ASSIGNED_WITHIN_MILLIS = 15_000;
    private static final long USUALLY_EACH_MILLIS = 30_000;
    private static final int MOST_OTHERS = 3;
    // a change that was published more recently is in flight
    private static final long MOMENT_MILLIS = 2000;

    private final String mirror;
    private final String topic;
    private final Set<String> others = new TreeSet<>();
    private volatile String fault;
    private volatile String unheard;
    private volatile String standsBy;
    private volatile String halted;
    private volatile boolean assigned;
    private volatile long lastMillis;
    private volatile long pendingMillis = Long.MAX_VALUE;
    private String failure;
    private long failedMillis = SteadyClock.millis() - A_WHILE_MILLIS - 1;
    private String unassigned;
    private long connectedMillis = SteadyClock.millis();
    private long assignedMillis = SteadyClock.millis();
    private long unassignedMillis = SteadyClock.millis();
    private long everyMillis = USUALLY_EACH_MILLIS;
    private String run;
    private long known;

    /** @param topic for messages, without its options */
    public SubscriptionHealth(String mirror, String topic) {
        this.mirror = mirror;
        this.topic = topic;
        heardNothing();
    }

    /** Returns why the topic can't be followed, or its source is silent, in plain words; null if all is well. */
    public String fault() {
        return fault;
    }

    /** Returns why it is not known yet whether anything is missing; null if it is known. */
    public String unheard() {
        return fault == null ? unheard : fault;
    }

    /** Returns the other process of this host that follows in place of this one, in plain words; null if there is none. */
    public String standsBy() {
        return standsBy;
    }

    /** Returns why the source is halted, as reported by its owner; null if it is not. */
    public String halted() {
        return halted;
    }

    /** Returns whether this process is the one of its group that reads the topic. */
    public boolean assigned() {
        return assigned;
    }

    /** Returns whether the topic is followed, and the source sends heartbeats. */
    public boolean up() {
        return fault == null && assigned;
    }

    /** Returns when the last record of the mirror was read, by {@link SteadyClock}; 0 if there was none. */
    public long lastRecord() {
        return lastMillis;
    }

    /**
     * Returns the moment of the oldest change that its owner has not published, by {@link SteadyClock}; Long.MAX_VALUE if there is none.
     */
    public long pendingSince() {
        return pendingMillis;
    }

    /**
     * Notes the result of a poll.
     *
     * @param connected whether a broker is connected; a missing connection is not reported in the first seconds
     * @param reads     whether the broker has assigned partitions to this process
     */
    void polled(boolean connected, boolean reads) {
        long now = SteadyClock.millis();
        if (connected) {
            connectedMillis = now;
            // one that comes with each attempt is not gone because the next attempt has begun
            if (reads || now - failedMillis > A_WHILE_MILLIS) {
                failure = null;
            }
        } else if (now - connectedMillis > A_WHILE_MILLIS) {
            failure = "no broker answers";
        }
        if (reads && !assigned) {
            assignedMillis = now;
            unassigned = null;
            standsBy = null;
        } else if (!reads && assigned) {
            unassignedMillis = now;
        }
        assigned = reads;
        look(now);
    }

    /** Notes that the topic can't be followed. */
    void failed(String reason) {
        failure = reason;
        failedMillis = SteadyClock.millis();
        look(failedMillis);
    }

    /** Returns whether it has had no partitions for so long that the cause has to be found. */
    boolean isLeftOut() {
        return failure == null && !assigned && SteadyClock.millis() - unassignedMillis > A_WHILE_MILLIS;
    }

    /**
     * Notes why it has no partitions.
     *
     * @param why  in plain words
     * @param ours whether that is as intended: another process of this host reads
     */
    void leftOut(String why, boolean ours) {
        standsBy = ours ? why : null;
        unassigned = ours ? null : why;
        look(SteadyClock.millis());
    }

    /** Forgets which records were read: another process may have read on meanwhile. */
    void beginAnew() {
        run = null;
    }

    /** Notes that there is a record of another mirror. */
    void heardOf(String other) {
        if (others.size() < MOST_OTHERS) {
            others.add(other);
        }
    }

    /**
     * Notes a record of this mirror.
     *
     * @return whether an earlier one was missed
     */
    boolean heard(ChangeRecord record) {
        lastMillis = SteadyClock.millis();
        unheard = null;
        Heartbeat heartbeat = record.heartbeat();
        halted = heartbeat == null ? null : heartbeat.halted();
        long pending = heartbeat == null || heartbeat.pendingSince() == null ? Long.MAX_VALUE : SteadyClock.past(heartbeat.pendingSince());
        pendingMillis = lastMillis - pending > MOMENT_MILLIS ? pending : Long.MAX_VALUE;
        if (heartbeat != null) {
            everyMillis = heartbeat.everyMillis();
        }
        look(lastMillis);
        return record.order() != null && isMissed(record.order());
    }

    private boolean isMissed(RecordSequenceNumber order) {
        boolean missed = order.run().equals(run) && order.after() > known;
        known = order.run().equals(run) ? Math.max(known, Math.max(order.number(), order.after())) : Math.max(order.number(), order.after());
        run = order.run();
        return missed;
    }

    private void heardNothing() {
        unheard = "nothing has been heard of the source since this process began to follow " + topic + "; a heartbeat comes within "
                + everyMillis / 1000 + " s";
    }

    private void look(long now) {
        String why = failure != null ? topic + " can't be followed: " + Redaction.of(failure)
                : unassigned != null ? topic + ": " + Redaction.of(unassigned)
                : !assigned && standsBy == null && now - unassignedMillis > ASSIGNED_WITHIN_MILLIS
                        ? topic + ": the broker gives this process nothing to read"
                : assigned ? silence(now) : null;
        if (why != null && fault == null) {
            LOG.warn("{}: {}. It is tried again, and nothing is lost as long as the topic keeps its records", mirror, why);
        } else if (why == null && fault != null) {
            LOG.info("{}: {} is followed again", mirror, topic);
        }
        fault = why;
    }

    // two heartbeats may be late; the third one is missed
    private String silence(long now) {
        long since = Math.max(lastMillis, assignedMillis);
        if (now - since <= everyMillis * 5 / 2) {
            return null;
        }
        String begin = topic + ": nothing was heard of the mirror " + mirror + " for " + (now - since) / 1000 + " s, and a heartbeat comes every "
                + everyMillis / 1000 + " s while its source publishes. ";
        return begin + (lastMillis == 0 && !others.isEmpty() ? "There are records of " + String.join(", ", others) + ": a mirror has the same"
                + " name at both ends" : lastMillis == 0 ? "Is it the right topic, and does Dromedary run at the source, in this version or a later one?"
                : "Does Dromedary run at the source, and can it publish? It was last heard of at " + SteadyClock.shown(lastMillis));
    }
}
