package dev.dromedary.watch;

import com.sun.jna.Platform;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.filter.PathFilter;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.component.file.watch.FileWatchEndpoint;

/**
 * A watched source: Camel's endpoint with three options more. Its messages have a
 * {@link dev.dromedary.change.ChangeSet} as their body, one message for all that was ready at once.
 */
public final class InotifyFileWatchEndpoint extends FileWatchEndpoint {

    /** Header: {@code WATCHING} on the first message, when every folder is watched; absent on all others. */
    public static final String WATCHING = "WATCHING";

    /** Property: whether a message ends a window. */
    public static final String WINDOW_COMPLETE = "DromedaryWindowComplete";

    private long window = 50;
    private long settle = 1;
    private long maxDelay = 10_000;
    private PathFilter filter = FilterRules.NONE;

    InotifyFileWatchEndpoint(String uri, String path, InotifyFileWatchComponent component) {
        super(uri, path, component);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (Platform.isLinux() && Platform.is64Bit()) {
            InotifyConsumer consumer = new InotifyConsumer(this, processor);
            configureConsumer(consumer);
            return consumer;
        }
        // the stock consumer's exceptions, too, are then messages: each means that something may have been missed
        setBridgeErrorHandler(true);
        setUseFileHashing(false);
        StockConsumer consumer = new StockConsumer(this, new StockEvents(this, processor));
        configureConsumer(consumer);
        return consumer;
    }

    public long getWindow() {
        return window;
    }

    /** Milliseconds that a change waits at most for others to come. */
    public void setWindow(long window) {
        this.window = window;
    }

    public long getSettle() {
        return settle;
    }

    /** Milliseconds without a further change that end a window early. */
    public void setSettle(long settle) {
        this.settle = settle;
    }

    public long getMaxDelay() {
        return maxDelay;
    }

    /** Milliseconds after which a file that stays open for writing is owed. */
    public void setMaxDelay(long maxDelay) {
        this.maxDelay = maxDelay;
    }

    public PathFilter getFilter() {
        return filter;
    }

    /** What is left out: neither watched nor told. */
    public void setFilter(PathFilter filter) {
        this.filter = filter;
    }
}
