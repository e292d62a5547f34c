package dev.dromedary.watch;

import java.nio.file.Path;

import com.sun.jna.Platform;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.source.SourceGuard;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.component.file.watch.FileWatchEndpoint;

/**
 * A watched source: Camel's endpoint with a few more options. The body of its messages is a {@link dev.dromedary.change.ChangeSet}, with
 * all changes that were ready at once in one message.
 */
public final class InotifyFileWatchEndpoint extends FileWatchEndpoint {

    /** Event type of the first message, when every folder is watched; its body is the whole tree. */
    public static final String WATCHING = "WATCHING";

    /** Event type of a message after changes may have been missed; its body is the whole tree. */
    public static final String WATCHING_AGAIN = "WATCHING_AGAIN";

    /** Event type of a message when the source is gone; its body is the reason. */
    public static final String LOST = "LOST";

    /** Property: whether a message ends a window. */
    public static final String WINDOW_COMPLETE = "DromedaryWindowComplete";

    private WatchMethod by = WatchMethod.AUTO;
    private long window = 50;
    private long settle = 250;
    private long maxDelay = 10_000;
    private long poll = 60_000;
    private PathFilter filter = FilterRules.NONE;
    private SourceGuard root;
    private String cookies;
    private HardLinkMode hardLinks = HardLinkMode.FOLLOW;
    private boolean behindLinks;
    private boolean ofTarget;

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
        // the stock consumer's exceptions become messages, too: after each of them, changes may have been missed
        setBridgeErrorHandler(true);
        setUseFileHashing(false);
        StockFileWatchConsumer consumer = new StockFileWatchConsumer(this, new StockEventConverter(this, processor));
        configureConsumer(consumer);
        return consumer;
    }

    public WatchMethod getBy() {
        return by;
    }

    /** The kernel's mechanism by which the source is watched. */
    public void setBy(WatchMethod by) {
        this.by = by;
    }

    public long getWindow() {
        return window;
    }

    /** The maximum time in milliseconds that a change waits for others. */
    public void setWindow(long window) {
        this.window = window;
    }

    public long getSettle() {
        return settle;
    }

    /** The time in microseconds without a further change that ends a window early. */
    public void setSettle(long settle) {
        this.settle = settle;
    }

    public long getMaxDelay() {
        return maxDelay;
    }

    /** The time in milliseconds after which a file that stays open for writing is enqueued. */
    public void setMaxDelay(long maxDelay) {
        this.maxDelay = maxDelay;
    }

    WatchOptions options() {
        return new WatchOptions(by, filter, window, settle, maxDelay, poll, cookies == null ? null : Path.of(cookies),
                hardLinks, behindLinks);
    }

    SourceGuard root() {
        return root == null ? new SourceGuard(Path.of(getPath()).toAbsolutePath(), null, filter) : root;
    }

    public long getPoll() {
        return poll;
    }

    /** The interval in milliseconds at which folders that can't be watched are enqueued again as a whole. */
    public void setPoll(long poll) {
        this.poll = poll;
    }

    /** The guard that remembers the source; without one, it is remembered as long as the route exists. */
    public void setRoot(SourceGuard root) {
        this.root = root;
    }

    /** A folder outside of the source, used for the heartbeat of the watch; without it there is no heartbeat. */
    public void setCookies(String cookies) {
        this.cookies = cookies;
    }

    public HardLinkMode getHardLinks() {
        return hardLinks;
    }

    /** Which names of a file with several names are enqueued when one of them is pending. */
    public void setHardLinks(HardLinkMode hardLinks) {
        this.hardLinks = hardLinks;
    }

    public boolean isBehindLinks() {
        return behindLinks;
    }

    /** Whether a link to a folder is enqueued with the content of that folder, for targets that copy the content. */
    public void setBehindLinks(boolean behindLinks) {
        this.behindLinks = behindLinks;
    }

    public boolean isOfTarget() {
        return ofTarget;
    }

    /** Whether the folder is a target, on which nothing else depends, and not a source. */
    public void setOfTarget(boolean ofTarget) {
        this.ofTarget = ofTarget;
    }

    public PathFilter getFilter() {
        return filter;
    }

    /** The filter of paths that are neither watched nor reported. */
    public void setFilter(PathFilter filter) {
        this.filter = filter;
    }
}
