package dev.dromedary.backlog;

/**
 * A notification about a target, for people.
 *
 * @param state away, full, refused, halted, partly, back, behind, in-line or tampered
 * @param text  one or two sentences
 */
record TargetNotification(String state, String text) {
}
