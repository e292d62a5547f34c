package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.HashSet;
import java.util.Set;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.source.ChangeSetResolver;
import dev.dromedary.source.ChangeSetResolver.Kind;
import dev.dromedary.source.SourceGuard;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** Writes the paths that are gone as rsync's {@code --files-from=- --from0}, for a run that only deletes. */
public final class DeletionFilesFrom {

    // the clock behind file system timestamps ticks every 1 to 4 ms
    private static final long TICK_MILLIS = 10;

    private final SourceGuard source;
    private final ChangeSetResolver present;
    private final ReceiverState receiver;
    private final OverlongPaths tooLong;

    /**
     * @param filter   the paths that are excluded, whether they exist or not
     * @param receiver whether it deletes listed paths that are gone; if not, their parent folder is listed instead
     */
    public DeletionFilesFrom(SourceGuard source, PathFilter filter, ReceiverState receiver, OverlongPaths tooLong) {
        this.source = source;
        this.present = new ChangeSetResolver(source.path(), filter);
        this.receiver = receiver;
        this.tooLong = tooLong;
    }

    /**
     * Makes the list. Paths that exist again by now are left out.
     *
     * @throws IOException if the source is missing or another one
     */
    public byte[] list(@Body ChangeSet changes, Exchange exchange) throws IOException {
        source.check();
        source.remember();
        exchange.setProperty(BacklogEndpoint.LISTED, System.currentTimeMillis());
        ReceiverCapabilities there = receiver.abilities();
        FilesFromEntries lines = new FilesFromEntries(tooLong);
        Set<String> folders = new HashSet<>();
        exchange.setProperty(BacklogEndpoint.FOLDERS, present.of(changes, true, (path, extent, kind) -> {
            if (kind == Kind.GONE && there.deletesMissing()) {
                lines.add(path, false);
            } else if (kind == Kind.GONE) {
                folders.add(RawPath.parent(path));
            }
        }, folders::add));
        folders.forEach(folder -> lines.add(folder, true));
        exchange.setProperty(BacklogEndpoint.COMPARED, new ChangeSet());
        exchange.setProperty(ReceiverState.PROPERTY, there);
        return lines.bytes(exchange);
    }

    /**
     * Enqueues the paths that exist again, as they may have been sent and then deleted. Also enqueues the times of folders in which
     * something else was changed meanwhile.
     */
    public void again(@ExchangeProperty(BacklogEndpoint.PENDING) ChangeSet gone, @ExchangeProperty(BacklogEndpoint.LISTED) long listed,
            @ExchangeProperty(BacklogEndpoint.OUTCOME) String outcome, Exchange exchange) {
        if (RunOutcome.named(outcome) != RunOutcome.ARRIVED && RunOutcome.named(outcome) != RunOutcome.PARTLY) {
            return;
        }
        ChangeSet known = exchange.getProperty(BacklogEndpoint.AGAIN, ChangeSet.class);
        ChangeSet again = known == null ? new ChangeSet() : known;
        Set<String> folders = new HashSet<>();
        gone.forEach((path, extent) -> {
            if (Files.exists(RawPath.toPath(source.path(), path), LinkOption.NOFOLLOW_LINKS)) {
                again.add(path, Extent.ENTRY);
            }
            String folder = RawPath.parent(path);
            if (!folder.isEmpty() && folders.add(folder) && modified(folder) >= listed - TICK_MILLIS) {
                again.add(folder, Extent.ATTRIBUTES);
            }
        });
        exchange.setProperty(BacklogEndpoint.AGAIN, again);
    }

    private long modified(String folder) {
        try {
            return Files.getLastModifiedTime(RawPath.toPath(source.path(), folder), LinkOption.NOFOLLOW_LINKS).toMillis();
        } catch (IOException e) {
            return 0;
        }
    }
}
