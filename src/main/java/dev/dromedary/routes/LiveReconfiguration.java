package dev.dromedary.routes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.backlog.BacklogComponent;
import dev.dromedary.config.ConfigDiff;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.log.LogContext;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RouteTemplateParameterSource;
import org.apache.camel.spi.ShutdownAware;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches the running mirrors from one configuration to another. Mirrors that are the same in both go on. For those that differ, the
 * routes end, pending changes are kept in the backlog or on disk, and the routes are made anew. For one thread at a time.
 */
final class LiveReconfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(LiveReconfiguration.class);

    // as at a stop of the program: after that a run is ended, and its paths stay pending
    private static final long ENDS_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(6);
    private static final long LOOK_EVERY_MILLIS = 20;
    private static final long STOP_WITHIN_MILLIS = 500;

    private final CamelContext context;
    private final MirrorRoutes mirrors;

    LiveReconfiguration(CamelContext context, MirrorRoutes mirrors) {
        this.context = context;
        this.mirrors = mirrors;
    }

    /**
     * Switches to another configuration, or back to the previous one if that fails.
     *
     * @return the difference between the two
     * @throws Exception if it fails; then the previous configuration runs again, but all that differed is compared as a whole
     */
    ConfigDiff to(Settings next) throws Exception {
        Settings before = mirrors.views().settings();
        ConfigDiff difference = ConfigDiff.of(before, next);
        try {
            change(difference, next);
            return difference;
        } catch (Exception e) {
            back(difference, before);
            throw e;
        }
    }

    private void change(ConfigDiff difference, Settings next) throws Exception {
        List<Target> leaving = difference.mirrors().stream().flatMap(one -> one.leaving().stream()).toList();
        forgetBacklogs(leaving);
        // the watches end first, so that no new changes arrive
        List<String> owners = Stream.concat(
                difference.mirrors().stream().filter(ConfigDiff.OfMirror::watchedOtherwise).map(ConfigDiff.OfMirror::name),
                difference.mirrors().stream().flatMap(one -> one.ending().stream()).map(Target::id)).collect(Collectors.toList());
        difference.mirrors().stream().filter(ConfigDiff.OfMirror::toldOtherwise).forEach(one -> owners.add(MirrorRoutes.everywhere(one.name())));
        MirrorRoutes.shared().stream().filter(owner -> !mirrors.wanted(next).contains(owner)).forEach(owners::add);
        end(owners);
        leave(leaving);
        difference.mirrors().stream().filter(one -> one.anew() && one.before() != null).forEach(one -> mirrors.leave(one.before()));

        List<String> begun = new ArrayList<>();
        mirrors.prepare(next);
        for (ConfigDiff.OfMirror one : difference.mirrors()) {
            for (Target target : one.beginning()) {
                mirrors.make(one.after(), target, one.comparing().contains(target));
                begun.add(target.id());
            }
            if (one.toldOtherwise() && one.after() != null) {
                mirrors.makeEverywhere(one.after());
                begun.add(MirrorRoutes.everywhere(one.name()));
            }
            if (one.watchedOtherwise() && one.after() != null) {
                mirrors.makeWatch(one.after());
                begun.add(one.name());
            }
        }
        for (String owner : mirrors.wanted(next)) {
            if (mirrors.routesOf(owner).isEmpty()) {
                mirrors.makeShared(owner);
                begun.add(owner);
            }
        }
        mirrors.views().tellOf(next);
        begin(begun);
        for (ConfigDiff.OfMirror one : difference.mirrors()) {
            enqueue(one);
        }
        mirrors.hosts().takenIn(next);
        mirrors.views().changedOver();
    }

    // mirror by mirror, from scratch: it is not known how far the switch got
    private void back(ConfigDiff difference, Settings before) {
        try {
            Set<String> owners = new LinkedHashSet<>();
            difference.mirrors().forEach(one -> owners.addAll(List.of(one.name(), MirrorRoutes.everywhere(one.name()))));
            difference.mirrors().forEach(one -> Stream.of(one.before(), one.after()).filter(Objects::nonNull)
                    .flatMap(mirror -> mirror.targets().stream()).forEach(target -> owners.add(target.id())));
            owners.addAll(MirrorRoutes.shared());
            end(owners);
            List<String> begun = new ArrayList<>();
            for (ConfigDiff.OfMirror one : difference.mirrors()) {
                Stream.of(one.before(), one.after()).filter(Objects::nonNull).forEach(mirrors::leave);
                Mirror was = one.before();
                leave(one.beginning().stream().filter(target -> !isThere(was, target) || isThere(one.leaving(), target)).toList());
                if (was != null) {
                    for (Target target : was.targets()) {
                        mirrors.make(was, target, true);
                        begun.add(target.id());
                    }
                    mirrors.makeEverywhere(was);
                    begun.add(MirrorRoutes.everywhere(one.name()));
                    mirrors.makeWatch(was);
                    begun.add(one.name());
                }
            }
            for (String owner : mirrors.wanted(before)) {
                mirrors.makeShared(owner);
                begun.add(owner);
            }
            mirrors.views().tellOf(before);
            begin(begun);
            mirrors.views().changedOver();
        } catch (Exception e) {
            LOG.error("It could not go back to the configuration that it ran by: {}. Start it again; nothing is lost", e.toString(), e);
        }
    }

    private void forgetBacklogs(List<Target> leaving) {
        leaving.forEach(target -> context.getRegistry().unbind(target.id()));
        lookAnew();
    }

    private void lookAnew() {
        context.getComponent("backlog", BacklogComponent.class).lookAnew();
    }

    private void leave(List<Target> leaving) {
        for (Target target : leaving) {
            LogContext.target(target.id());
            mirrors.leave(target);
        }
        LogContext.clear();
    }

    // first the routes that start work by themselves, then the routes that these call
    private void end(Iterable<String> owners) throws Exception {
        Map<String, Route> starting = new LinkedHashMap<>();
        Map<String, Route> called = new LinkedHashMap<>();
        for (String owner : owners) {
            for (String id : mirrors.routesOf(owner).keySet()) {
                Route route = context.getRoute(id);
                if (route != null) {
                    (route.getEndpoint().getEndpointUri().startsWith("direct:") ? called : starting).put(id, route);
                }
            }
        }
        awaitRuns(starting.values().stream().map(Route::getConsumer).filter(ShutdownAware.class::isInstance).map(ShutdownAware.class::cast)
                .toList());
        for (String id : Stream.concat(starting.keySet().stream(), called.keySet().stream()).toList()) {
            context.getRouteController().stopRoute(id, STOP_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
            context.removeRoute(id);
            Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
            RouteDefinition definition = model.getRouteDefinition(id);
            if (definition != null) {
                model.removeRouteDefinition(definition);
            }
        }
        owners.forEach(mirrors::end);
    }

    // all together, so that many runs take no longer to end than one
    private static void awaitRuns(List<ShutdownAware> consumers) throws InterruptedException {
        consumers.forEach(consumer -> consumer.prepareShutdown(false, false));
        long end = System.nanoTime() + ENDS_WITHIN_NANOS;
        while (consumers.stream().anyMatch(consumer -> consumer.getPendingExchangesSize() > 0) && System.nanoTime() - end < 0) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
    }

    private void begin(List<String> owners) throws Exception {
        lookAnew();
        for (String owner : owners) {
            for (Map.Entry<String, Map<String, Object>> route : mirrors.routesOf(owner).entrySet()) {
                context.addRouteFromTemplate(route.getKey(), route.getValue().get(RouteTemplateParameterSource.TEMPLATE_ID).toString(),
                        route.getValue());
            }
        }
    }

    // where a source is watched anew, the watch enqueues the changes
    private void enqueue(ConfigDiff.OfMirror one) throws Exception {
        if (one.after() == null) {
            return;
        }
        for (Target target : one.beginning()) {
            if (isThere(one.before(), target) && !isThere(one.leaving(), target)) {
                mirrors.targets().hurry(target);
            } else {
                mirrors.targets().haltAsOthers(one.after(), target);
            }
        }
        if (one.anew() || !mirrors.leads()) {
            return;
        }
        List<Target> replayed = one.watchedOtherwise() ? one.after().targets() : one.beginning();
        try (ProducerTemplate producer = context.createProducerTemplate()) {
            for (Target target : replayed) {
                boolean compared = one.comparing().contains(target) || !isThere(one.before(), target) && mirrors.isComparedAtStart(target);
                ReplayEndpoints.of(target, compared && !one.watchedOtherwise()).forEach(endpoint -> ask(producer, endpoint));
            }
        }
    }

    // the dead letters are replayed later anyway, and the log says what is wrong with them
    private static void ask(ProducerTemplate producer, String endpoint) {
        Exception failure = producer.send(endpoint, exchange -> { }).getException();
        if (failure != null) {
            LOG.warn("{} failed: {}", endpoint, failure.toString());
        }
    }

    private static boolean isThere(Mirror mirror, Target like) {
        return mirror != null && isThere(mirror.targets(), like);
    }

    private static boolean isThere(List<Target> targets, Target like) {
        return targets.stream().anyMatch(target -> target.id().equals(like.id()));
    }
}
