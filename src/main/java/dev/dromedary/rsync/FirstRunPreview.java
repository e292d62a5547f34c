package dev.dromedary.rsync;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The effect of a first run at a target, by the figures of rsync's --stats.
 *
 * @param files   the number of entries in the source, including folders and the source itself
 * @param created how many of them the target does not have
 * @param sent    how many files would be sent
 * @param deleted how many entries of the target would be deleted; -1 if rsync there does not report it
 */
record FirstRunPreview(long files, long created, long sent, long deleted) {

    private static final Pattern FIGURE = Pattern.compile("^Number of (files|created files|regular files transferred):"
            + " ([0-9,]+)", Pattern.MULTILINE);

    /**
     * {@return the effect of the run}
     *
     * @param stats what rsync printed, with LC_ALL=C and --no-human-readable
     */
    static FirstRunPreview of(String stats) {
        long files = 0;
        long created = 0;
        long sent = 0;
        for (Matcher figure = FIGURE.matcher(stats); figure.find();) {
            long number = Long.parseLong(figure.group(2).replace(",", ""));
            switch (figure.group(1)) {
                case "files" -> files = number;
                case "created files" -> created = number;
                default -> sent = number;
            }
        }
        return new FirstRunPreview(files, created, sent, DryRunDeletionCounter.in(stats));
    }

    /**
     * Returns whether a person has to confirm: the run would delete more than it sends, or delete everything that exists. A single entry
     * does not indicate a wrong folder: each new ext4 has lost+found.
     */
    boolean isDoubtful() {
        return deleted > Math.max(created, sent) || deleted > 1 && kept() == 0;
    }

    // without the target's own folder
    private long kept() {
        return Math.max(0, files - created - 1);
    }

    /** Returns the text that is shown to users. */
    @Override
    public String toString() {
        return "the first run would delete " + deleted + " of the " + (deleted + kept()) + " entries there, and bring " + Math.max(created, sent);
    }
}
