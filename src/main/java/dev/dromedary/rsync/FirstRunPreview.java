package dev.dromedary.rsync;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a first run would do at a target, by the figures of rsync's --stats.
 *
 * @param files   how many entries the source has, folders and the source itself among them
 * @param created how many of them the target does not have
 * @param sent    how many files would be sent
 * @param deleted how many entries of the target would be deleted; -1 if rsync there does not say
 */
record FirstRunPreview(long files, long created, long sent, long deleted) {

    private static final Pattern FIGURE = Pattern.compile("^Number of (files|created files|regular files transferred):"
            + " ([0-9,]+)", Pattern.MULTILINE);

    /** {@return what it would do}
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
     * Whether a person is to be asked: it would delete more than it brings, or all that is there. One entry alone is no sign of a wrong
     * place: each new ext4 has lost+found.
     */
    boolean isDoubtful() {
        return deleted > Math.max(created, sent) || deleted > 1 && kept() == 0;
    }

    // but for the target's own folder
    private long kept() {
        return Math.max(0, files - created - 1);
    }

    /** For people. */
    @Override
    public String toString() {
        return "the first run would delete " + deleted + " of the " + (deleted + kept()) + " entries there, and bring " + Math.max(created, sent);
    }
}
