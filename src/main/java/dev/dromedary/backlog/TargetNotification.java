package dev.dromedary.backlog;

/**
 * Something about a target that a person may want to hear of.
 *
 * @param state away, full, refused, halted, partly, back, behind, in-line or tampered
 * @param text  one or two sentences
 */
record TargetNotification(String state, String text) {
}
