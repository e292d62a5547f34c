package dev.dromedary.backlog;

import dev.dromedary.change.ChangeSet;
import org.apache.camel.Exchange;

/**
 * What a run has left to others.
 *
 * @param compared folders that are compared by size and time for what the list could not name
 * @param last     what it has passed over, as it travels last
 * @param gone     what is gone, and is deleted after all else
 */
record LaneHandover(ChangeSet compared, ChangeSet last, ChangeSet gone) {

    /** Nothing. */
    static final LaneHandover NONE = new LaneHandover(new ChangeSet(), new ChangeSet(), new ChangeSet());

    /** {@return what the message of a run says} Only of one that has brought something it is known what is last and gone. */
    static LaneHandover of(Exchange exchange, RunOutcome outcome) {
        boolean brought = outcome == RunOutcome.ARRIVED || outcome == RunOutcome.PARTLY;
        return new LaneHandover(set(exchange, BacklogEndpoint.COMPARED), brought ? set(exchange, BacklogEndpoint.LAST) : NONE.last,
                brought ? set(exchange, BacklogEndpoint.GONE) : NONE.gone);
    }

    private static ChangeSet set(Exchange exchange, String property) {
        return exchange.getProperty(property, new ChangeSet(), ChangeSet.class);
    }
}
