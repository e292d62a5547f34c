package dev.dromedary.backlog;

/** Tracks whether the leftovers of large files at a target have to be cleaned up. Guarded by its backlog. */
final class CleanupState {

    private boolean due;
    private boolean active;
    private boolean failed;

    /** @param leaves whether the run that has arrived may have left something */
    void arrived(boolean leaves) {
        due |= failed || leaves;
    }

    boolean isDue() {
        return due;
    }

    boolean isActive() {
        return active;
    }

    void begin() {
        active = true;
    }

    /** @param done whether the target is clean; if not, a cleanup is due again after the next arrival */
    void end(boolean done) {
        active = false;
        due = false;
        failed = !done;
    }

    boolean isClean() {
        return !due && !active;
    }
}
