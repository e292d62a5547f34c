package dev.dromedary.routes;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.BacklogPolicy;
import dev.dromedary.backlog.ExponentialBackoff;
import dev.dromedary.backlog.ReleaseTrigger;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Schedule;
import dev.dromedary.config.Target;
import dev.dromedary.config.TargetUrl;
import dev.dromedary.config.TargetUrl.Kind;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.hook.HookMessage;
import dev.dromedary.hook.NotificationFormatter;
import dev.dromedary.order.LastPathMatcher;
import dev.dromedary.rsync.OverlongPaths;
import dev.dromedary.rsync.RsyncExecutor;
import dev.dromedary.rsync.SourceStartGuard;
import dev.dromedary.rsync.WarmRsyncCoordinator;
import dev.dromedary.rsync.WarmRsyncExecutor;
import dev.dromedary.source.LargeFileFinder;
import dev.dromedary.source.SourceGuard;
import dev.dromedary.source.SourceTreeWalk;
import dev.dromedary.topic.RemoteSourceGuard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the routes and beans of one target: its backlog and dead letters, its hooks, its replay and reconcile, and the transport for its
 * changes ({@link TransportFactory}).
 */
final class TargetRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(TargetRoutes.class);

    // the longest time between two replays, as a multiple of the first: an hour for the default of 30 s
    private static final int LONGEST_REPLAY = 120;

    private final TransportEnvironment environment;
    private final RouteTemplateInstances routes;
    private final TargetBacklogs backlogs;
    private final DeadLetters deadLetters;
    private final RsyncExecutor executor;
    private final WarmRsyncCoordinator warmRuns;
    private final Mirror mirror;
    private final Target target;
    private final String name;

    /**
     * @param routes   receives what is made for this target
     * @param executor runs rsync, for all targets
     * @param warmRuns decides which rsync processes are kept ready, for all targets
     */
    TargetRoutes(TransportEnvironment environment, RouteTemplateInstances routes, TargetBacklogs backlogs, DeadLetters deadLetters,
            RsyncExecutor executor, WarmRsyncCoordinator warmRuns, Mirror mirror, Target target) {
        this.environment = environment;
        this.routes = routes;
        this.backlogs = backlogs;
        this.deadLetters = deadLetters;
        this.executor = executor;
        this.warmRuns = warmRuns;
        this.mirror = mirror;
        this.target = target;
        this.name = RouteTemplateInstances.name(target);
    }

    /**
     * Makes the routes and beans.
     *
     * @param source        the source of the mirror
     * @param overlongPaths counts the paths that rsync can't take
     */
    void make(SourceGuard source, OverlongPaths overlongPaths) throws IOException {
        FilterRules rules = FilterRules.of(target.filter());
        TransportFactory transport = new TransportFactory(environment, routes, overlongPaths);
        if (mirror.isPulled()) {
            RemoteSourceGuard remote = new RemoteSourceGuard(mirror.source(), mirror.from(), rules,
                    RemoteSourceGuard.file(environment.stateDir(), mirror.name()));
            routes.bind("remote-" + name, remote);
            transport.pull(mirror, target, rules, source, remote.submounts());
            common(source, new PullBacklogPolicy(target, deadLetters), List.of("changes", "trees", "large"), null);
        } else if (target.url().kind() == Kind.TOPIC) {
            transport.publish(mirror, target, rules, source);
            common(source, new TopicBacklogPolicy(target.id(), deadLetters, true), List.of("changes", "trees"), null);
        } else if (target.releases() != null) {
            ReleaseTrigger trigger = releaseTrigger();
            common(source, new TopicBacklogPolicy(target.id(), deadLetters, false), List.of(), trigger);
            transport.release(mirror, target, rules, source, backlogs.get(target.id()), trigger);
        } else {
            SourceTreeWalk walk = new SourceTreeWalk(mirror.source(), rules);
            transport.push(mirror, target, rules, source, walk);
            common(source, new PushBacklogPolicy(target, new LargeFileFinder(walk, target.largeFile()), new LastPathMatcher(target.last()), deadLetters),
                    target.isOrdered() ? List.of("changes", "trees", "large", "last", "gone") : List.of("changes", "trees", "large"), null);
        }
        if (target.heals() && !environment.once() && (mirror.isPulled() || target.url().kind() == Kind.LOCAL)) {
            transport.heal(mirror, target, rules, source, backlogs.get(target.id()));
        }
    }

    // a requested release is made even if an option has changed meanwhile
    private ReleaseTrigger releaseTrigger() {
        Backlog known = backlogs.get(target.id());
        if (known != null) {
            known.releaseTrigger().goOnBy(target.quiet());
            return known.releaseTrigger();
        }
        ReleaseTrigger trigger = new ReleaseTrigger(target.quiet());
        if (environment.once()) {
            trigger.want(SteadyClock.millis());
        }
        return trigger;
    }

    private void common(SourceGuard source, BacklogPolicy policy, List<String> lanes, ReleaseTrigger trigger) throws IOException {
        boolean published = target.url().kind() == Kind.TOPIC;
        boolean guarded = !published;
        hook("before", target.before());
        hook("after", target.after());
        routes.bind("hookMessage-" + name, new HookMessage(mirror.name(), mirror.source()));
        if (target.onFailure() != null) {
            routes.add("on-failure-" + name, "on-failure", Map.of("target", target.id(), "endpoint", notified(target.onFailure())));
        }
        deadLetters.open(target.id(), new ExponentialBackoff(target.replay().everyOr(TargetBacklogs.ASKED_EVERY).toMillis(),
                target.replay().everyOr(TargetBacklogs.ASKED_EVERY).multipliedBy(LONGEST_REPLAY).toMillis()));
        Backlog backlog = backlogs.open(target, policy, trigger);
        routes.bind(target.id(), backlog);
        if (guarded) {
            executor(source, backlog);
        }
        for (String take : lanes) {
            routes.add("sync-" + name + '-' + take, "sync", Map.of("target", target.id(), "name", name,
                    "take", take, "before", target.before() != null, "after", target.after() != null,
                    "guarded", guarded, "moves", !published, "fused", target.maxChange() != null, "retries", target.retries(), "retry-delay", target.retryDelay().toMillis()));
        }
        routes.add("probe-" + name, "probe", Map.of("target", target.id(), "name", name, "guarded", guarded));
        routes.add("replay-" + name, "replay", Map.of("target", target.id(), "name", name));
        routes.add("replay-by-quartz-" + name, "replay-by-quartz", Map.of("name", name,
                "schedule", target.replay().quartzQuery()));
        routes.add("reconcile-" + name, "reconcile", Map.of("target", target.id(), "name", name));
        routes.add("reconcile-by-content-" + name, "reconcile-by-content", Map.of("target", target.id(), "name", name));
        byQuartz("", target.reconcile());
        byQuartz("by-content-", target.checksumReconcile());
    }

    // the program behind exec:rsync in the routes of this target
    private void executor(SourceGuard source, Backlog backlog) throws IOException {
        TargetUrl url = target.url();
        // otherwise the daemon would log an error
        boolean endsByItself = url.kind() == Kind.DAEMON && !url.path().contains("/");
        String place = url.kind() == Kind.LOCAL ? target.id() : url.kind() + " " + url.host() + ' ' + url.port();
        WarmRsyncExecutor warm = new WarmRsyncExecutor(target.id(), place, executor, target.warm(), endsByItself, backlog::isResting, warmRuns,
                new SourceStartGuard(source));
        routes.bind("rsync-" + name, warm);
        try {
            environment.context().addService(warm);
        } catch (Exception e) {
            throw new IOException("rsync can't be run for " + target.id() + ": " + e.getMessage(), e);
        }
        routes.atEnd(() -> {
            warm.stop();
            try {
                environment.context().removeService(warm);
            } catch (Exception e) {
                LOG.debug("{}: its rsync stays among Camel's services", target.id(), e);
            }
        });
    }

    private void byQuartz(String kind, String cron) {
        if (cron != null) {
            routes.add("reconcile-" + kind + "by-quartz-" + name, "reconcile-by-quartz", Map.of("name", name, "kind", kind,
                    "schedule", new Schedule(null, cron).quartzQuery()));
        }
    }

    // the endpoint for on-failure; a mail or web address gets a route of its own
    private String notified(String who) {
        if (!NotificationFormatter.isAddress(who)) {
            return who;
        }
        boolean mail = who.startsWith(NotificationFormatter.MAIL);
        routes.bind("notification-" + name, new NotificationFormatter());
        routes.add("notify-" + name, mail ? "notify-mail" : "notify-web", mail
                ? Map.of("name", name, "address", who.substring(NotificationFormatter.MAIL.length())) : Map.of("name", name, "url", who));
        return "direct:notify-" + name;
    }

    private void hook(String when, String endpoint) {
        if (endpoint != null) {
            Map<String, Object> parameters = Map.of("when", when, "name", name, "endpoint", endpoint);
            routes.add(when + '-' + name, target.hooksHold() ? "hook-that-holds" : "hook", parameters);
            routes.add("hook-" + when + '-' + name, "hook-call", parameters);
        }
    }
}
