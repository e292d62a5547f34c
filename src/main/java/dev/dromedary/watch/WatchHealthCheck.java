package dev.dromedary.watch;

import java.util.Map;

import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Reports readiness, which means that every folder of the source is watched. */
final class WatchHealthCheck extends AbstractHealthCheck {

    private final String source;
    private final SourceWatch watch;

    WatchHealthCheck(String routeId, String source, SourceWatch watch) {
        // not the route's own id: Camel has a check of that name already
        super("dromedary", "source:" + routeId);
        this.source = source;
        this.watch = watch;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.detail("source", source);
        builder.detail("folders.watched", watch.watched());
        builder.detail("folders.unwatched", watch.unwatched());
        builder.detail("hard-links.names", watch.linkedNames());
        if (watch.whole()) {
            builder.up();
        } else if (watch.fault() != null) {
            builder.message(watch.fault()).down();
        } else if (watch.unwatched() > 0) {
            builder.message(watch.unwatched() + " folders of " + source
                    + " are not watched, they are compared now and then instead").down();
        } else {
            builder.message(source + " is being looked through").down();
        }
    }
}
