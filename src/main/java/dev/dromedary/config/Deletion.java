package dev.dromedary.config;

/** When what is gone at the source is deleted at the target. */
public enum Deletion {
    /** Always. */
    TRUE,
    /** Never. */
    FALSE,
    /** As it goes, but not when whole trees are compared. */
    LIVE,
    /** Only when whole trees are compared. */
    RECONCILE
}
