package dev.dromedary.rsync;

import java.io.IOException;
import java.util.function.Predicate;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.source.ChangeSetResolver;
import dev.dromedary.source.ChangeSetResolver.Kind;
import dev.dromedary.source.SourceGuard;
import org.apache.camel.Body;
import org.apache.camel.Exchange;

/**
 * Writes the pending changes as rsync's {@code --files-from=- --from0}, resolved against the current state of the source.
 *
 * <p>If a folder is gone, or was replaced by a link or a file, only that folder is listed and nothing below it: rsync would follow the
 * link, and would leave parents of a missing path behind (rsync(1), --files-from and --delete-missing-args).
 */
public final class PushFilesFrom {

    private final SourceGuard source;
    private final ChangeSetResolver present;
    private final ReceiverState receiver;
    private final OverlongPaths tooLong;
    private final boolean later;
    private final Predicate<Boolean> deleted;

    /**
     * @param filter   the paths that are excluded, whether they exist or not
     * @param receiver whether it deletes listed paths that are gone; if not, their folder is compared instead
     */
    public PushFilesFrom(SourceGuard source, PathFilter filter, ReceiverState receiver, OverlongPaths tooLong) {
        this(source, filter, receiver, tooLong, false, trees -> false);
    }

    /**
     * Creates a list writer for a target where nothing is deleted at once.
     *
     * @param deleted whether missing paths have to be deleted at all; its argument tells whether the run is of a whole tree. They are then
     *                put into {@link BacklogEndpoint#GONE}
     */
    public PushFilesFrom(SourceGuard source, PathFilter filter, ReceiverState receiver, OverlongPaths tooLong, Predicate<Boolean> deleted) {
        this(source, filter, receiver, tooLong, true, deleted);
    }

    private PushFilesFrom(SourceGuard source, PathFilter filter, ReceiverState receiver, OverlongPaths tooLong, boolean later, Predicate<Boolean> deleted) {
        this.later = later;
        this.deleted = deleted;
        this.source = source;
        this.present = new ChangeSetResolver(source.path(), filter);
        this.receiver = receiver;
        this.tooLong = tooLong;
    }

    /**
     * Makes the list. Sets {@link BacklogEndpoint#FOLDERS} to the folders that it goes through, {@link BacklogEndpoint#COMPARED} to those
     * that have to be compared because something in them is gone, and {@link ReceiverState#PROPERTY} to the abilities that it was made for.
     *
     * @return the list, for rsync's standard input; empty if all pending paths are excluded
     * @throws IOException if the source is missing or another one
     */
    public byte[] list(@Body ChangeSet changes, Exchange exchange) throws IOException {
        source.check();
        source.remember();
        exchange.setProperty(BacklogEndpoint.LISTED, System.currentTimeMillis());
        ReceiverCapabilities there = receiver.abilities();
        FilesFromEntries lines = new FilesFromEntries(tooLong);
        ChangeSet compared = new ChangeSet();
        ChangeSet gone = new ChangeSet();
        boolean withDeletions = later && deleted.test(exchange.getProperty(BacklogEndpoint.TREES, false, Boolean.class));
        exchange.setProperty(BacklogEndpoint.FOLDERS, present.of(changes, later || !there.deletesMissing(), (path, extent, kind) -> {
            if (kind == Kind.GONE && later) {
                if (withDeletions) {
                    gone.add(path, Extent.ENTRY, changes.since());
                }
            } else if (kind == Kind.GONE && !there.deletesMissing()) {
                compared.add(RawPath.parent(path), Extent.LEVEL, changes.since());
            } else {
                lines.add(path, kind == Kind.FOLDER && extent.compareTo(Extent.ENTRY) > 0);
            }
        }, folder -> compared.add(folder, Extent.LEVEL, changes.since())));
        exchange.setProperty(BacklogEndpoint.COMPARED, compared);
        if (later) {
            exchange.setProperty(BacklogEndpoint.GONE, gone);
        }
        exchange.setProperty(ReceiverState.PROPERTY, there);
        return lines.bytes(exchange);
    }
}
