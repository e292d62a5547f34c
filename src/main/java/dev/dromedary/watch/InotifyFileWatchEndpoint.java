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
 * A watched source: Camel's endpoint with a few options more. Its messages have a
 * {@link dev.dromedary.change.ChangeSet} as their body, one message for all that was ready at once.
 */
public final class InotifyFileWatchEndpoint extends FileWatchEndpoint {

    /** Event type of the first message, when every folder is watched; its body is the whole tree. */
    public static final String WATCHING = "WATCHING";

    /** Event type of a message after something may have been missed; its body is the whole tree. */
    public static final String WATCHING_AGAIN = "WATCHING_AGAIN";

    /** Event type of a message that the source is gone; its body says why. */
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
        // the stock consumer's exceptions, too, are then messages: each means that something may have been missed
        setBridgeErrorHandler(true);
        setUseFileHashing(false);
        StockFileWatchConsumer consumer = new StockFileWatchConsumer(this, new StockEventConverter(this, processor));
        configureConsumer(consumer);
        return consumer;
    }

    public WatchMethod getBy() {
        return by;
    }

    /** By which of the kernel's ways the source is watched. */
    public void setBy(WatchMethod by) {
        this.by = by;
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

    /** Milliseconds after which what can't be watched is owed again as a whole. */
    public void setPoll(long poll) {
        this.poll = poll;
    }

    /** The source and its memory; without one, it is remembered while the route lives. */
    public void setRoot(SourceGuard root) {
        this.root = root;
    }

    /** A folder outside of the source in which the watch proves that it is alive; none without it. */
    public void setCookies(String cookies) {
        this.cookies = cookies;
    }

    public HardLinkMode getHardLinks() {
        return hardLinks;
    }

    /** What is owed of a file with several names where one of them is. */
    public void setHardLinks(HardLinkMode hardLinks) {
        this.hardLinks = hardLinks;
    }

    public boolean isBehindLinks() {
        return behindLinks;
    }

    /** Whether a link to a folder is owed with what is in there, for targets that copy that. */
    public void setBehindLinks(boolean behindLinks) {
        this.behindLinks = behindLinks;
    }

    public boolean isOfTarget() {
        return ofTarget;
    }

    /** Whether the folder is a target, on which nothing else depends, and no source. */
    public void setOfTarget(boolean ofTarget) {
        this.ofTarget = ofTarget;
    }

    public PathFilter getFilter() {
        return filter;
    }

    /** What is left out: neither watched nor told. */
    public void setFilter(PathFilter filter) {
        this.filter = filter;
    }
}
