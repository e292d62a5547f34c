package dev.dromedary.watch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.file.watch.FileWatchConstants;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Turns the stock consumer's messages, one file event each, into change sets. That consumer also sends its exceptions. After each of them,
 * changes may have been missed, so the whole tree is enqueued.
 */
final class StockEventConverter extends DelegateAsyncProcessor {

    private final InotifyFileWatchEndpoint endpoint;
    private final String source;

    StockEventConverter(InotifyFileWatchEndpoint endpoint, Processor next) {
        super(next);
        this.endpoint = endpoint;
        this.source = RawPath.of(Path.of(endpoint.getPath()));
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        ChangeSet changes;
        File file = exchange.getException() == null ? exchange.getIn().getBody(File.class) : null;
        if (file == null) {
            exchange.setException(null);
            changes = ChangeSet.ofWholeTree();
        } else {
            changes = changeOf(file.toPath());
        }
        exchange.getIn().setBody(changes);
        exchange.getIn().removeHeader(FileWatchConstants.EVENT_TYPE_HEADER);
        exchange.setProperty(InotifyFileWatchEndpoint.WINDOW_COMPLETE, true);
        return super.process(exchange, callback);
    }

    private ChangeSet changeOf(Path path) {
        ChangeSet changes = new ChangeSet();
        String raw = RawPath.of(path);
        boolean folder = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        if (raw.startsWith(source + '/')) {
            String relative = raw.substring(source.length() + 1);
            if (!endpoint.getFilter().excludes(relative, folder)) {
                // what came with a folder is not reliably reported entry by entry
                changes.add(relative, folder ? Extent.TREE : Extent.ENTRY);
            }
        }
        return changes;
    }
}
