package dev.dromedary.watch;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.dromedary.filter.PathFilter;
import dev.dromedary.source.SourceGuard;
import org.apache.camel.Endpoint;
import org.apache.camel.component.file.watch.FileWatchComponent;

/**
 * Camel's {@code file-watch:} component with a watch that loses no change: on Linux it uses inotify directly, and elsewhere the stock
 * consumer, where each doubt makes the whole tree pending. All options of the stock component are kept.
 */
public final class InotifyFileWatchComponent extends FileWatchComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        // a '?' or '%' in the folder's name is encoded, as in every URI
        String path = URLDecoder.decode(remaining.replace("+", "%2B"), StandardCharsets.UTF_8);
        InotifyFileWatchEndpoint endpoint = new InotifyFileWatchEndpoint(uri, path, this);
        endpoint.setAutoCreate(false);
        endpoint.setBy(getAndRemoveParameter(parameters, "by", WatchMethod.class, endpoint.getBy()));
        endpoint.setWindow(getAndRemoveParameter(parameters, "window", Long.class, endpoint.getWindow()));
        endpoint.setSettle(getAndRemoveParameter(parameters, "settle", Long.class, endpoint.getSettle()));
        endpoint.setMaxDelay(getAndRemoveParameter(parameters, "maxDelay", Long.class, endpoint.getMaxDelay()));
        endpoint.setPoll(getAndRemoveParameter(parameters, "poll", Long.class, endpoint.getPoll()));
        endpoint.setCookies(getAndRemoveParameter(parameters, "cookies", String.class));
        endpoint.setHardLinks(getAndRemoveParameter(parameters, "hardLinks", HardLinkMode.class, endpoint.getHardLinks()));
        endpoint.setBehindLinks(getAndRemoveParameter(parameters, "behindLinks", Boolean.class, endpoint.isBehindLinks()));
        endpoint.setOfTarget(getAndRemoveParameter(parameters, "ofTarget", Boolean.class, endpoint.isOfTarget()));
        endpoint.setRoot(resolveAndRemoveReferenceParameter(parameters, "root", SourceGuard.class));
        endpoint.setFilter(resolveAndRemoveReferenceParameter(parameters, "filter",
                PathFilter.class, endpoint.getFilter()));
        setProperties(endpoint, parameters);
        return endpoint;
    }

    @Override
    public boolean useRawUri() {
        return true;
    }
}
