package dev.dromedary.config;

/** When entries that are gone at the source are deleted at the target. */
public enum Deletion {
    /** Always. */
    TRUE,
    /** Never. */
    FALSE,
    /** In live runs, but not when whole trees are compared. */
    LIVE,
    /** Only when whole trees are compared. */
    RECONCILE
}
