package dev.dromedary.backlog;

import java.util.EnumSet;
import java.util.List;

import dev.dromedary.change.ChangeSet;
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

    /** Header of each notification: away, full, refused, halted, partly, back, behind, in-line or tampered. */
    public static final String STATE = "DromedaryState";

    /**
     * Property of each message from here: the lane on which it is sent, a {@link TransferClass} in small letters, or "content". A route
     * that has linked what was moved sets another.
     */
    public static final String LANE = "DromedaryLane";

    /** Property of each message from here: true if it is about whole trees. */
    public static final String TREES = "DromedaryTrees";

    /** Property of each message from here: true if its body has failed before. */
    public static final String REPLAY = "DromedaryReplay";

    /** Property that a route sets: the {@link ChangeSet} that rsync was given. */
    public static final String PENDING = "DromedaryPending";

    /** Property that a route sets: the folders, a set of paths, that rsync had to go through for that set. */
    public static final String FOLDERS = "DromedaryFolders";

    /** Property that a route sets: the {@link RunOutcome} of the run, in small letters. */
    public static final String OUTCOME = "DromedaryOutcome";

    /** Property that a route sets: why the run did not transfer everything, in plain words. */
    public static final String REASON = "DromedaryReason";

    /** Property that a route sets: the {@link ChangeSet} of the paths that could not be sent for a reason of their own. */
    public static final String PARKED = "DromedaryParked";

    /** Property that a route sets: the {@link ChangeSet} of what changed while rsync sent it, and becomes pending again at once. */
    public static final String AGAIN = "DromedaryAgain";

    /** Property that a route sets: the {@link ChangeSet} of what was not listed, and becomes pending in place of that. */
    public static final String INSTEAD = "DromedaryInstead";

    /**
     * Property that a route sets: the {@link ChangeSet} of the folders that have to be compared by size and time, because something in them
     * is gone that no list can name.
     */
    public static final String COMPARED = "DromedaryCompared";

    /** Property that a route sets: the {@link ChangeSet} of what was pending and is gone, and is to be deleted after all else. */
    public static final String GONE = "DromedaryGone";

    /** Property that a route sets: the {@link ChangeSet} of what a run has skipped, as it travels last. */
    public static final String LAST = "DromedaryLast";

    /** Property that a route sets: the {@link ChangeSet} of what it has moved in the local folder, and becomes pending again. */
    public static final String MOVED = "DromedaryMoved";

    /** Property that a route sets: the {@link ChangeSet} of the large files that a run has skipped, which are sent separately. */
    public static final String LARGE = "DromedaryLarge";

    /** Property that a route sets: when the list was made, in milliseconds since 1970. */
    public static final String LISTED = "DromedaryListed";

    /** Property that a route sets: why nothing more may be sent to this target until a person has looked. */
    public static final String HALT = "DromedaryHalt";

    /** Property that a route sets to true: what did not arrive is on disk. */
    public static final String KEPT = "DromedaryKept";

    /** Property that a route sets to true: a run was cut off, and may have left temporary files at the target. */
    public static final String CUT_OFF = "DromedaryCutOff";

    /** The cause, for {@link Backlog#halt}, of a run that has shown that going on could do harm. */
    public static final String BY_RUN = "rsync";

    /** The cause, for {@link Backlog#halt}, of a target that may not be the intended one. */
    public static final String BY_TARGET = "target";

    /** The cause, for {@link Backlog#halt}, of more changes than are allowed without a person's consent. */
    public static final String BY_CHANGE = "change";

    /** Property that a route sets with {@link #HALT}: another cause than {@link #BY_RUN}. */
    public static final String HALTED_BY = "DromedaryHaltedBy";

    /** The cause, for {@link Backlog#halt}, of a source that is gone. */
    public static final String BY_SOURCE = "source";

    private final BacklogComponent component;
    private final String named;
    private volatile List<Backlog> backlogs;
    private Take take = Take.CHANGES;
    private Action action = Action.ADD;

    /** What a consumer takes from a backlog. */
    public enum Take {
        /** What changed, except whole trees and large files. */
        CHANGES,
        /** Whole trees. */
        TREES,
        /** Large files. */
        LARGE,
        /** What travels last. */
        LAST,
        /** What is gone, if some paths travel last. */
        GONE,
        /** An empty message when the leftovers of large files at the target are to be cleaned up. */
        TIDY,
        /** An empty message whenever the target is to be probed. */
        PROBES,
        /** A notification of one or two sentences: the target went away, is back, or something else has to be known. */
        NEWS,
        /** What has arrived at all targets of a mirror. */
        EVERYWHERE
    }

    /** What a message to a backlog means. */
    public enum Action {
        /** Its body, a {@link ChangeSet}, becomes pending. */
        ADD,
        /** The source is gone, and the body says why: nothing may be sent. */
        HALT,
        /** The source is back. */
        RESUME
    }

    /** @param named mirror/target, or a mirror for all its targets; {@code backlogs} are theirs */
    BacklogEndpoint(String uri, BacklogComponent component, String named, List<Backlog> backlogs) {
        super(uri, component);
        this.component = component;
        this.named = named;
        this.backlogs = backlogs;
    }

    /** The mirror, or mirror/target, that this endpoint stands for. */
    String named() {
        return named;
    }

    /** The current backlogs. */
    List<Backlog> backlogs() {
        return backlogs;
    }

    void sendTo(List<Backlog> others) {
        backlogs = others;
    }

    public Action getAction() {
        return action;
    }

    /** What a producer does with a message. */
    public void setAction(Action action) {
        this.action = action;
    }

    public Take getTake() {
        return take;
    }

    /** What a consumer takes; a producer ignores it. */
    public void setTake(Take take) {
        this.take = take;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (take == Take.EVERYWHERE) {
            ArrivedEverywhereConsumer everywhere = new ArrivedEverywhereConsumer(this, processor, component, named);
            configureConsumer(everywhere);
            return everywhere;
        }
        if (backlogs.size() != 1) {
            throw new IllegalArgumentException(getEndpointUri() + ": to take from a backlog name one target");
        }
        Backlog backlog = backlogs.get(0);
        BacklogConsumer consumer = switch (take) {
            case CHANGES -> new TransferRunConsumer(this, processor, backlog, EnumSet.of(TransferClass.LIVE, TransferClass.MOVED, TransferClass.ATTRIBUTES));
            case TREES -> new TransferRunConsumer(this, processor, backlog, EnumSet.of(TransferClass.BULK));
            case LARGE -> new TransferRunConsumer(this, processor, backlog, EnumSet.of(TransferClass.LARGE, TransferClass.LARGE_ATTRIBUTES));
            case LAST -> new TransferRunConsumer(this, processor, backlog, EnumSet.of(TransferClass.LAST));
            case GONE -> new TransferRunConsumer(this, processor, backlog, EnumSet.of(TransferClass.GONE));
            case TIDY -> new PartialDirCleanupConsumer(this, processor, backlog);
            case PROBES -> new TargetProbeConsumer(this, processor, backlog);
            case NEWS -> new TargetNotificationConsumer(this, processor, backlog);
            case EVERYWHERE -> throw new IllegalStateException("it is for a mirror");
        };
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
                        backlogs.forEach(backlog -> backlog.halt(BY_SOURCE, reason));
                    }
                    case RESUME -> backlogs.forEach(backlog -> backlog.resume(BY_SOURCE));
                    default -> {
                        ChangeSet changes = exchange.getIn().getBody(ChangeSet.class);
                        if (changes != null) {
                            add(changes);
                        }
                    }
                }
            }
        };
    }

    private void add(ChangeSet changes) {
        if (!changes.isEmpty()) {
            backlogs.forEach(backlog -> backlog.add(changes));
            component.added(named, changes);
        }
        changes.markers().forEach(marker -> backlogs.forEach(backlog -> marker.reached(backlog.id())));
    }
}
