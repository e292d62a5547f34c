package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.source.SourceGuard;
import org.apache.camel.Body;
import org.apache.camel.Exchange;

/**
 * Writes the pending changes as rsync's {@code --files-from=- --from0} for a run that fetches them. The current state of the source is not
 * known here; rsync reports what is gone there, and the classifier reads that.
 */
public final class PullFilesFrom {

    private final SourceGuard folder;
    private final PathFilter filter;
    private final ReceiverState receiver;
    private final OverlongPaths tooLong;
    private final boolean roundedBudget;

    /**
     * @param folder   the local folder
     * @param filter   the paths that are excluded, whether they exist or not
     * @param receiver whether the local rsync deletes listed paths that are gone; if not, their folder is compared as well
     * @param roundedBudget whether runs are kept ready, whose limit of deletions is fixed before the list is known
     */
    public PullFilesFrom(SourceGuard folder, PathFilter filter, ReceiverState receiver, OverlongPaths tooLong, boolean roundedBudget) {
        this.roundedBudget = roundedBudget;
        this.folder = folder;
        this.filter = filter;
        this.receiver = receiver;
        this.tooLong = tooLong;
    }

    /**
     * Makes the list. Paths below a local link are not listed: rsync would replace the link by a folder, though the source may have the
     * link as well (measured with 3.5.0). Instead, everything under the link's name is enqueued once more, as a tree.
     *
     * @return the list, for rsync's standard input; empty if all pending paths are excluded
     * @throws IOException if the local folder is missing or another one
     */
    public byte[] list(@Body ChangeSet changes, Exchange exchange) throws IOException {
        folder.check();
        folder.remember();
        // it reports what a run has skipped, which is always needed
        if (!changes.isEmpty() && exchange.getProperty(RunOutputParser.PROPERTY) == null) {
            exchange.setProperty(RunOutputParser.PROPERTY, new RunOutputParser());
        }
        FilesFromEntries lines = new FilesFromEntries(tooLong);
        ReceiverCapabilities here = receiver.abilities();
        ChangeSet again = new ChangeSet();
        ChangeSet compared = new ChangeSet();
        Map<String, Boolean> links = new HashMap<>();
        changes.forEach((path, extent) -> {
            // with a trailing slash, rsync would follow a link
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
            // its kind at the source is not known, and rsync treats a missing path as a file when it matches the rules
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
        OptionalLong budget = DeletionBudget.of(changes, folder.path(), roundedBudget);
        exchange.setProperty(MaxDeleteGuard.UNCOUNTED, budget.isEmpty());
        budget.ifPresent(entries -> exchange.setProperty(MaxDeleteGuard.PROPERTY, entries));
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
