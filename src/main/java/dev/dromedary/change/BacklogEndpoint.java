package dev.dromedary.change;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

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

    /** Property of each message from here: its {@link Lane}, in small letters. */
    public static final String LANE = "DromedaryLane";

    /** Property that a route sets: why nothing more may be carried to this target until a person has looked. */
    public static final String HALT = "DromedaryHalt";

    /** Property that a route sets to true: a run was cut off, and may have left temporary files at the target. */
    public static final String CUT_OFF = "DromedaryCutOff";

    private static final String SOURCE = "source";

    private final List<Backlog> backlogs;
    private boolean trees;
    private Action action = Action.ADD;

    /** What a message to a backlog means. */
    public enum Action {
        /** Its body, a {@link ChangeSet}, is owed. */
        ADD,
        /** The source is gone, its body says why: nothing may be carried. */
        HALT,
        /** The source is back. */
        RESUME
    }

    BacklogEndpoint(String uri, BacklogComponent component, List<Backlog> backlogs) {
        super(uri, component);
        this.backlogs = backlogs;
    }

    public Action getAction() {
        return action;
    }

    /** What a producer does with a message. */
    public void setAction(Action action) {
        this.action = action;
    }

    public boolean isTrees() {
        return trees;
    }

    /** Whether a consumer takes the whole trees that are owed, or all else; a producer takes both. */
    public void setTrees(boolean trees) {
        this.trees = trees;
    }

    Set<Lane> lanes() {
        return trees ? EnumSet.of(Lane.BULK) : EnumSet.of(Lane.LIVE, Lane.ATTRIBUTES);
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
                switch (action) {
                    case HALT -> {
                        String reason = exchange.getIn().getBody(String.class);
                        backlogs.forEach(backlog -> backlog.halt(SOURCE, reason));
                    }
                    case RESUME -> backlogs.forEach(backlog -> backlog.resume(SOURCE));
                    default -> {
                        ChangeSet changes = exchange.getIn().getBody(ChangeSet.class);
                        if (changes != null && !changes.isEmpty()) {
                            backlogs.forEach(backlog -> backlog.add(changes));
                        }
                    }
                }
            }
        };
    }
}
