package dev.dromedary.pair;

import java.time.Instant;

/**
 * The role of this process in a pair.
 *
 * @param leads  whether it leads and transfers; else it stands by
 * @param since  since when
 * @param leader the leader, as the cluster service names it; null if unknown, or if it is this process
 * @param fault  why it could not take over, in plain words; null if it could
 */
public record PairRole(boolean leads, Instant since, String leader, String fault) {

    /** Creates a role without a known obstacle to leading. */
    public PairRole(boolean leads, Instant since, String leader) {
        this(leads, since, leader, null);
    }

    /** Returns leader or standby. */
    public String text() {
        return leads ? "leader" : "standby";
    }

    /** Returns a description of the leader: this process, the name that the cluster service gives, or just the other process. */
    public String whoLeads() {
        return leads ? "this process" : leader != null ? leader : "the other process of the pair";
    }
}
