package dev.dromedary.rsync;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

import dev.dromedary.change.BacklogEndpoint;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.source.PresentState;
import dev.dromedary.source.PresentState.Kind;
import dev.dromedary.source.SourceRoot;
import org.apache.camel.Body;
import org.apache.camel.Exchange;

/**
 * Writes what is owed as rsync's {@code --files-from=- --from0}, resolved against the source as it is now.
 *
 * <p>Below a folder that is gone, or has become a link or a file, only that folder is listed: rsync would follow the
 * link, and would leave parents of a missing path behind (rsync(1), --files-from and --delete-missing-args).
 */
public final class FileList {

    private final SourceRoot source;
    private final PresentState present;
    private final boolean missingArgs;
    private final TooLong tooLong;

    /**
     * @param filter      what is left out, there or gone
     * @param missingArgs whether this rsync deletes what is listed and gone; if not, its folder is listed instead
     */
    public FileList(SourceRoot source, PathFilter filter, boolean missingArgs, TooLong tooLong) {
        this.source = source;
        this.present = new PresentState(source.path(), filter, !missingArgs);
        this.missingArgs = missingArgs;
        this.tooLong = tooLong;
    }

    /**
     * Makes the list, and notes in {@link BacklogEndpoint#FOLDERS} which folders it goes through.
     *
     * @return the list, for rsync's standard input; empty if all that was owed is left out
     * @throws IOException if the source is not what it was
     */
    public byte[] list(@Body ChangeSet changes, Exchange exchange) throws IOException {
        source.check();
        source.remember();
        ListLines lines = new ListLines(tooLong);
        Set<String> levels = new HashSet<>();
        exchange.setProperty(BacklogEndpoint.FOLDERS, present.of(changes, (path, extent, kind) -> {
            String parent = RawPath.parent(path);
            if (kind != Kind.GONE || missingArgs) {
                lines.add(path, kind == Kind.FOLDER && extent.compareTo(Extent.ENTRY) > 0);
            } else if (levels.add(parent)) {
                lines.add(parent, true);
            }
        }));
        return lines.bytes(exchange);
    }
}
