package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.HashMap;
import java.util.Map;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.source.SourceGuard;
import org.apache.camel.Body;
import org.apache.camel.Exchange;

/**
 * Writes what is owed as rsync's {@code --files-from=- --from0} for a run that fetches it. How the source is now is not known
 * here; what is gone there the judge hears from rsync.
 */
public final class PullFilesFrom {

    private final SourceGuard folder;
    private final PathFilter filter;
    private final ReceiverState receiver;
    private final OverlongPaths tooLong;

    /**
     * @param folder   the one here
     * @param filter   what is left out, there or gone
     * @param receiver whether rsync here deletes what is listed and gone; if not, its folder is compared as well
     */
    public PullFilesFrom(SourceGuard folder, PathFilter filter, ReceiverState receiver, OverlongPaths tooLong) {
        this.folder = folder;
        this.filter = filter;
        this.receiver = receiver;
        this.tooLong = tooLong;
    }

    /**
     * Makes the list. What lies below a link here is not in it: rsync would make a folder of that, though the source may have
     * the link as well (measured with 3.5.0). Instead, all there is under the link's name is owed once more, as a tree.
     *
     * @return the list, for rsync's standard input; empty if all that was owed is left out
     * @throws IOException if the folder here is not what it was
     */
    public byte[] list(@Body ChangeSet changes, Exchange exchange) throws IOException {
        folder.check();
        folder.remember();
        // it says what a run has passed over, whether or not anybody else wants to know
        if (!changes.isEmpty() && exchange.getProperty(RunOutputParser.PROPERTY) == null) {
            exchange.setProperty(RunOutputParser.PROPERTY, new RunOutputParser());
        }
        FilesFromEntries lines = new FilesFromEntries(tooLong);
        ReceiverCapabilities here = receiver.abilities();
        ChangeSet again = new ChangeSet();
        ChangeSet compared = new ChangeSet();
        Map<String, Boolean> links = new HashMap<>();
        changes.forEach((path, extent) -> {
            // with a slash, rsync would follow a link
            String link = link(extent == Extent.LEVEL ? path + '/' : path, links);
            if (link != null) {
                again.add(link, Extent.TREE, changes.since());
                return;
            }
            if (isBelowWhatIsLeftOut(path)) {
                return;
            }
            boolean folderIsLeftOut = !path.isEmpty() && filter.excludesEntry(path, true);
            boolean otherIsLeftOut = !path.isEmpty() && filter.excludesEntry(path, false);
            if (folderIsLeftOut && otherIsLeftOut) {
                return;
            }
            boolean single = extent.compareTo(Extent.ENTRY) <= 0;
            // what it is at the source is not known, and rsync holds what is gone for a file when it looks at the rules
            if (folderIsLeftOut != otherIsLeftOut && isThere(path) || single && !here.deletesMissing()) {
                compared.add(RawPath.parent(path), Extent.LEVEL, changes.since());
            }
            if (!folderIsLeftOut || !isFolder(path)) {
                lines.add(path, extent == Extent.LEVEL);
            }
        });
        exchange.setProperty(BacklogEndpoint.INSTEAD, again);
        exchange.setProperty(BacklogEndpoint.COMPARED, compared);
        exchange.setProperty(ReceiverState.PROPERTY, here);
        return lines.bytes(exchange);
    }

    private String link(String path, Map<String, Boolean> links) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            String ancestor = path.substring(0, slash);
            if (links.computeIfAbsent(ancestor, this::isLink)) {
                return ancestor;
            }
        }
        return null;
    }

    private boolean isLink(String path) {
        return Files.isSymbolicLink(RawPath.toPath(folder.path(), path));
    }

    private boolean isBelowWhatIsLeftOut(String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (filter.excludesEntry(path.substring(0, slash), true)) {
                return true;
            }
        }
        return false;
    }

    private boolean isFolder(String path) {
        return Files.isDirectory(RawPath.toPath(folder.path(), path), LinkOption.NOFOLLOW_LINKS);
    }

    private boolean isThere(String path) {
        return Files.exists(RawPath.toPath(folder.path(), path), LinkOption.NOFOLLOW_LINKS);
    }
}
