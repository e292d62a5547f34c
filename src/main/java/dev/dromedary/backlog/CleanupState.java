package dev.dromedary.backlog;

/** Whether a target is to be cleaned of what large files have left there. Guarded by its backlog. */
final class CleanupState {

    private boolean due;
    private boolean active;
    private boolean failed;

    /** Something has arrived. @param leaves whether it may have left something */
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

    /** @param done whether it is clean; if not, it is due once more when something has arrived again */
    void end(boolean done) {
        active = false;
        due = false;
        failed = !done;
    }

    boolean isClean() {
        return !due && !active;
    }
}
