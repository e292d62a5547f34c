package dev.dromedary.rsync;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what is known about the rsync that writes at a target between runs. Safe for use by several threads. */
public final class ReceiverState {

    /** Property: the {@link ReceiverCapabilities} that a run was made for. */
    static final String PROPERTY = "DromedaryAbilities";

    private static final Logger LOG = LoggerFactory.getLogger(ReceiverState.class);

    private final String target;
    private ReceiverCapabilities abilities;

    /**
     * @param target mirror/target
     * @param here   the local rsync, which has to support the request
     */
    public ReceiverState(String target, RsyncVersion here) {
        this.target = target;
        this.abilities = new ReceiverCapabilities(here.deletesMissingArgs(), true, true);
    }

    synchronized ReceiverCapabilities abilities() {
        return abilities;
    }

    /**
     * Learns from the end of a run.
     *
     * @param asked the abilities that the run was made for
     * @return whether it failed because the receiver lacks an ability, so that the run has to be repeated without it
     */
    synchronized boolean learns(ReceiverCapabilities asked, int exit, String said) {
        ReceiverCapabilities shown = asked.after(exit, said);
        if (shown.equals(asked)) {
            return false;
        }
        if (abilities.deletesMissing() && !shown.deletesMissing()) {
            LOG.info("{}: the rsync there takes no list that names what is gone: the folders of that are compared instead", target);
        }
        if (abilities.keepsParts() && !shown.keepsParts()) {
            LOG.info("{}: the rsync there does not continue large files that were cut off: they are sent as a whole", target);
        }
        if (abilities.itemizes() && !shown.itemizes()) {
            LOG.info("{}: the daemon there refuses to say what was done to each path, so the transfer log has nothing of it; take log-format"
                    + " out of \"refuse options\" in its rsyncd.conf", target);
        }
        abilities = abilities.and(shown);
        return true;
    }
}
