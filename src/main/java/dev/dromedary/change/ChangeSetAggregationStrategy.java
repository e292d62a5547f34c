package dev.dromedary.change;

import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/** Merges the change sets of one window into its first. */
public final class ChangeSetAggregationStrategy implements AggregationStrategy {

    @Override
    public Exchange aggregate(Exchange window, Exchange next) {
        if (window == null) {
            return next;
        }
        window.getIn().getBody(ChangeSet.class).merge(next.getIn().getBody(ChangeSet.class));
        return window;
    }
}
