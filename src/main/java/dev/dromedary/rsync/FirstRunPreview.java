package dev.dromedary.rsync;

/**
 * The effect of a first run at a target, by the figures of rsync's --stats.
 *
 * @param files   the number of entries in the source, including folders and the source itself
 * @param created how many of them the target does not have
 * @param sent    how many files would be sent
 * @param deleted how many entries of the target would be deleted; -1 if rsync there does not report it
 */
record FirstRunPreview(long files, long created, long sent, long deleted) {

    /** {@return the effect of the run, by a dry run} */
    static FirstRunPreview of(DryRunDeletionCounter dryRun) {
        return new FirstRunPreview(dryRun.files(), dryRun.created(), dryRun.transferred(), dryRun.deletions());
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
