package dev.dromedary.pair;

import java.time.Instant;

/**
 * What this process is in a pair.
 *
 * @param leads  whether it carries; else it stands by
 * @param since  since when
 * @param leader who leads, as the cluster service names it; null if that is not known, or if it is this process
 * @param fault  why it could not take over, in plain words; null if it could
 */
public record PairRole(boolean leads, Instant since, String leader, String fault) {

    /** One of which nothing is known that would keep it from leading. */
    public PairRole(boolean leads, Instant since, String leader) {
        this(leads, since, leader, null);
    }

    /** leader or standby. */
    public String text() {
        return leads ? "leader" : "standby";
    }

    /** Who leads, in words: this process, the one that the cluster service names, or just the other one. */
    public String whoLeads() {
        return leads ? "this process" : leader != null ? leader : "the other process of the pair";
    }
}
