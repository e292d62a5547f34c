package dev.dromedary.change;

import org.apache.camel.Exchange;

/**
 * What a run has left to others.
 *
 * @param compared folders that are compared by size and time for what the list could not name
 * @param last     what it has passed over, as it travels last
 * @param gone     what is gone, and is deleted after all else
 */
record FollowUp(ChangeSet compared, ChangeSet last, ChangeSet gone) {

    /** Nothing. */
    static final FollowUp NONE = new FollowUp(new ChangeSet(), new ChangeSet(), new ChangeSet());

    /** {@return what the message of a run says} Only of one that has brought something it is known what is last and gone. */
    static FollowUp of(Exchange exchange, Outcome outcome) {
        boolean brought = outcome == Outcome.ARRIVED || outcome == Outcome.PARTLY;
        return new FollowUp(set(exchange, BacklogEndpoint.COMPARED), brought ? set(exchange, BacklogEndpoint.LAST) : NONE.last,
                brought ? set(exchange, BacklogEndpoint.GONE) : NONE.gone);
    }

    private static ChangeSet set(Exchange exchange, String property) {
        return exchange.getProperty(property, new ChangeSet(), ChangeSet.class);
    }
}
