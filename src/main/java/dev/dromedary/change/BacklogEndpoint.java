package dev.dromedary.change;

import java.util.List;

import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** The backlog of one target, or of all targets of a mirror. */
public final class BacklogEndpoint extends DefaultEndpoint {

    /** Property of each message from here: mirror/target. */
    public static final String TARGET = "DromedaryTarget";

    /** Property of each message from here: the {@link Lane}. */
    public static final String LANE = "DromedaryLane";

    private final List<Backlog> backlogs;
    private Lane lane = Lane.LIVE;

    BacklogEndpoint(String uri, BacklogComponent component, List<Backlog> backlogs) {
        super(uri, component);
        this.backlogs = backlogs;
    }

    public Lane getLane() {
        return lane;
    }

    /** Which of the two lanes a consumer takes from; a producer needs none. */
    public void setLane(Lane lane) {
        this.lane = lane;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (backlogs.size() != 1) {
            throw new IllegalArgumentException(getEndpointUri() + ": to take from a backlog name one target");
        }
        BacklogConsumer consumer = new BacklogConsumer(this, processor, backlogs.get(0));
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        return new DefaultProducer(this) {
            @Override
            public void process(Exchange exchange) {
                ChangeSet changes = exchange.getIn().getBody(ChangeSet.class);
                if (changes != null && !changes.isEmpty()) {
                    backlogs.forEach(backlog -> backlog.add(changes));
                }
            }
        };
    }
}
