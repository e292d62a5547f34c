package dev.dromedary.watch;

import dev.dromedary.change.ChangeSet;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.watch.FileWatchConstants;
import org.apache.camel.component.file.watch.FileWatchConsumer;

/** The stock consumer, extended to report when it has started to watch, as the inotify consumer does. */
final class StockFileWatchConsumer extends FileWatchConsumer {

    StockFileWatchConsumer(InotifyFileWatchEndpoint endpoint, StockEventConverter events) {
        super(endpoint, events);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Exchange start = createExchange(true);
        start.getIn().setBody(ChangeSet.ofWholeTree());
        start.getIn().setHeader(FileWatchConstants.EVENT_TYPE_HEADER, InotifyFileWatchEndpoint.WATCHING);
        start.setProperty(InotifyFileWatchEndpoint.WINDOW_COMPLETE, true);
        ((StockEventConverter) getProcessor()).getProcessor().process(start);
    }
}
