package dev.dromedary.backlog;

import java.util.Set;

import dev.dromedary.change.ChangeSet;
import org.apache.camel.Exchange;

/**
 * The changes that a run has left to other lanes.
 *
 * @param compared folders to compare by size and time, for what the list could not name
 * @param last     what the run has skipped, as it travels last
 * @param gone     what is gone, and is deleted after all else
 * @param large    the large files that the run has skipped
 * @param written  whether these have other content, and not only another size or time
 */
record DeferredChanges(ChangeSet compared, ChangeSet last, ChangeSet gone, ChangeSet large, boolean written) {

    private static final Set<String> WRITTEN = Set.of("live", "content");

    /** Nothing. */
    static final DeferredChanges NONE = new DeferredChanges(new ChangeSet(), new ChangeSet(), new ChangeSet());

    /** Without large files. */
    DeferredChanges(ChangeSet compared, ChangeSet last, ChangeSet gone) {
        this(compared, last, gone, new ChangeSet(), false);
    }

    /** {@return what the message of a run has left to others} Last, gone and large paths are known only if the run has transferred something. */
    static DeferredChanges of(Exchange exchange, RunOutcome outcome) {
        boolean brought = outcome == RunOutcome.ARRIVED || outcome == RunOutcome.PARTLY;
        return new DeferredChanges(set(exchange, BacklogEndpoint.COMPARED), brought ? set(exchange, BacklogEndpoint.LAST) : NONE.last,
                brought ? set(exchange, BacklogEndpoint.GONE) : NONE.gone, brought ? set(exchange, BacklogEndpoint.LARGE) : NONE.large,
                WRITTEN.contains(exchange.getProperty(BacklogEndpoint.LANE, "", String.class)));
    }

    /** {@return the lane for the large files} */
    TransferClass largeLane() {
        return written ? TransferClass.LARGE : TransferClass.LARGE_ATTRIBUTES;
    }

    private static ChangeSet set(Exchange exchange, String property) {
        return exchange.getProperty(property, new ChangeSet(), ChangeSet.class);
    }
}
