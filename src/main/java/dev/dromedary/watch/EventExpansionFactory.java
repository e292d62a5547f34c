package dev.dromedary.watch;

import java.nio.file.Path;
import java.util.Map;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the {@link EventExpansion} that the options of a watch ask for. */
final class EventExpansionFactory {

    private static final Logger LOG = LoggerFactory.getLogger(EventExpansionFactory.class);

    private EventExpansionFactory() {
    }

    /**
     * Creates the expansion for a source whose folders are all watched already.
     *
     * @param wake called by any thread when more changes are pending
     */
    static EventExpansion of(WatchOptions options, Path source, Runnable wake) {
        EventExpansion names = hardLinks(options, source, wake);
        return options.behindLinks() ? new Both(names, new DirlinkSubtreeExpansion(source)) : names;
    }

    private static EventExpansion hardLinks(WatchOptions options, Path source, Runnable wake) {
        if (options.hardLinks() == HardLinkMode.IGNORE) {
            return EventExpansion.NONE;
        }
        try {
            return new HardLinkExpansion(RawPath.of(source), options.filter(), options.hardLinks() == HardLinkMode.JOIN,
                    HardLinkExpansion.MOST_NAMES, wake);
        } catch (LinkageError e) {
            LOG.warn("Hard links in {} are not followed, because the C library has no statx (glibc 2.28 and musl 1.2.5 have it): what is"
                    + " written by one name of a file reaches the others only with a reconcile", RawPath.escape(RawPath.of(source)));
            return EventExpansion.NONE;
        }
    }

    // what the second one adds contains no hard links
    private record Both(EventExpansion names, EventExpansion behindLinks) implements EventExpansion {

        @Override
        public void expand(ChangeSet pending, Map<String, Extent> touched) {
            names.expand(pending, touched);
            behindLinks.expand(pending, touched);
        }

        @Override
        public void end(ChangeSet pending) {
            names.end(pending);
        }

        @Override
        public boolean isLooking() {
            return names.isLooking();
        }

        @Override
        public int known() {
            return names.known();
        }

        @Override
        public void close() {
            names.close();
        }
    }
}
