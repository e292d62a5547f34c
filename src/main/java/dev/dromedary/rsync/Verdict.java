package dev.dromedary.rsync;

import dev.dromedary.change.Outcome;

/**
 * What rsync's end means.
 *
 * @param outcome what is done next
 * @param cause   why, in plain words
 * @param remedy  what a person can do about it; empty if nothing has to be done
 */
public record Verdict(Outcome outcome, String cause, String remedy) {
}
