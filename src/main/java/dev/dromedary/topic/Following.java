package dev.dromedary.topic;

import java.util.concurrent.TimeUnit;

import dev.dromedary.log.Redaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether an agent can follow its topic. Written by the thread that reads it, for all to see. */
public final class Following {

    private static final Logger LOG = LoggerFactory.getLogger(Following.class);
    private static final long A_WHILE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String mirror;
    private final String topic;
    private volatile String fault;
    private long connectedNanos = System.nanoTime();

    /** @param topic for people, without its options */
    public Following(String mirror, String topic) {
        this.mirror = mirror;
        this.topic = topic;
    }

    /** Why the topic can't be followed, in plain words; null if it can. */
    public String fault() {
        return fault;
    }

    /** Notes whether a broker is connected; for the first seconds without one nothing is said. */
    void connected(boolean is) {
        if (is) {
            connectedNanos = System.nanoTime();
            if (fault != null) {
                LOG.info("{}: {} is followed again", mirror, topic);
                fault = null;
            }
        } else if (System.nanoTime() - connectedNanos > A_WHILE_NANOS) {
            failed("no broker answers");
        }
    }

    /** Notes why it can't be followed. */
    void failed(String reason) {
        String why = Redaction.of(reason);
        if (fault == null) {
            LOG.warn("{}: {} can't be followed: {}. It is tried again, and nothing is lost as long as the topic keeps its records",
                    mirror, topic, why);
        }
        fault = topic + " can't be followed: " + why;
    }
}
