package dev.dromedary.status;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.hosts.HostLists;
import dev.dromedary.pair.PairRole;
import dev.dromedary.rsync.DeletionCountingRsyncBinding;
import dev.dromedary.rsync.MonitoredRsyncBinding;
import dev.dromedary.rsync.OverlongPaths;
import dev.dromedary.rsync.RsyncBinding;
import dev.dromedary.rsync.RunProperties;
import dev.dromedary.topic.AgentReport;
import dev.dromedary.transferlog.TransferLog;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.spi.Registry;

/** Binds the beans that {@code routes/status.camel.yaml} names, and those that their figures come from. */
public final class StatusBeans {

    private final AtomicReference<Settings> settings;
    private final Map<String, RunLedger> ledgers = new ConcurrentHashMap<>();
    private final StatusCollector status;
    private final Metrics metrics;
    private final LagHistory history;
    private final TargetControl targetControl;
    private final ChecksumVerification verification;
    private final ArrivalWaits waits;
    private final List<HealthCheck> bound = new ArrayList<>();
    private HealthCheckRegistry checks;

    private StatusBeans(CamelContext context, Settings first, Map<String, Backlog> backlogs, Map<String, OverlongPaths> tooLong,
            DeadLetters deadLetters, TransferLog log, HostLists hosts, Supplier<Optional<PairRole>> role) {
        settings = new AtomicReference<>(first);
        verification = new ChecksumVerification(context.getExecutorServiceManager().newCachedThreadPool(first, "verify"), first.stateDir());
        status = new StatusCollector(context, settings::get, backlogs, ledgers, deadLetters, verification, hosts, role);
        metrics = new Metrics(settings::get, status, tooLong);
        history = new LagHistory(status, ledgers, first.stateDir());
        keepLedgers();
        targetControl = new TargetControl(settings::get, backlogs, deadLetters, verification, status, first.stateDir());
        targetControl.goOn();
        waits = new ArrivalWaits(context, settings::get, backlogs, status);
        Registry registry = context.getRegistry();
        registry.bind("status", status);
        registry.bind("history", history);
        registry.bind("letters", new DeadLetterActions(settings::get, backlogs, deadLetters));
        registry.bind("pendingPaths", new PendingPaths(settings::get, status, backlogs, deadLetters));
        registry.bind("targetControl", targetControl);
        registry.bind("explainer", new PathExplainer(context, settings::get, backlogs, deadLetters, status, log));
        registry.bind("transfers", new TransferLogQueries(log));
        registry.bind("readiness", new TargetReadiness(settings::get, status));
        registry.bind("waits", waits);
        registry.bind("hints", new ChangeHints(settings::get, status));
        registry.bind("lagAlarms", new LagAlarm(settings::get, backlogs, status));
        registry.bind("rsyncBinding", new RsyncBinding());
        registry.bind("followedRsyncBinding", new MonitoredRsyncBinding());
        registry.bind("countedRsyncBinding", new DeletionCountingRsyncBinding());
        registry.bind("runProperties", new RunProperties());
        context.addRoutePolicyFactory(new RunRecorder(ledgers, log));
    }

    /**
     * Binds the beans. Call it when all targets are known, and before a route is made.
     *
     * @param backlogs  by mirror/target
     * @param tooLong   by mirror/target
     * @param log       the transfer log
     * @param hosts     the current hosts, for targets that come and go with them
     * @param role      the role of this process in its pair; empty if it is alone
     */
    public static StatusBeans bind(CamelContext context, Settings settings, Map<String, Backlog> backlogs,
            Map<String, OverlongPaths> tooLong, DeadLetters deadLetters, TransferLog log, HostLists hosts, Supplier<Optional<PairRole>> role) {
        return new StatusBeans(context, settings, backlogs, tooLong, deadLetters, log, hosts, role);
    }

    /** Returns the current settings. */
    public Settings settings() {
        return settings.get();
    }

    /** Switches to other settings. The backlogs of their targets exist already, and no run of a new target has begun. */
    public void tellOf(Settings next) {
        Settings before = settings.getAndSet(next);
        keepLedgers();
        ledgers.keySet().retainAll(next.ids());
        history.keep(next.ids());
        verification.keep(next.ids());
        targetControl.goOn();
        metrics.follow(before);
        if (checks != null) {
            bound.forEach(checks::unregister);
            bindTo(checks);
        }
    }

    /** Call it when all routes run with the new settings and their changes are enqueued: requests that wait for changes continue then. */
    public void changedOver() {
        waits.goOn();
    }

    private void keepLedgers() {
        settings.get().mirrors().stream().flatMap(mirror -> mirror.targets().stream()).forEach(target ->
                ledgers.computeIfAbsent(target.id(), id -> new RunLedger(end -> {
                    history.ended(id, end);
                    metrics.ended(target, end);
                })));
    }

    /** {@return the state of a target that is pulled into, for the source; null if it is gone from the configuration} */
    public AgentReport report(Target target) {
        return status.find(target, Instant.now()).map(now -> new AgentReport(target.mirror(), status.program().host(), now.state().text(),
                now.reason(), now.lag(Instant.now()).toMillis() / 1000.0, now.pending(), Instant.now())).orElse(null);
    }

    /** Adds the state of each target to Camel's health checks. */
    public void bindTo(HealthCheckRegistry registry) {
        checks = registry;
        bound.clear();
        settings().mirrors().stream().flatMap(mirror -> mirror.targets().stream())
                .forEach(target -> bound.add(new TargetHealthCheck(status, target)));
        settings().mirrors().stream().filter(Mirror::isPulled)
                .forEach(mirror -> bound.add(new TopicHealthCheck(mirror.name(), status.following(mirror))));
        bound.forEach(registry::register);
    }

    /** Publishes the metrics for Prometheus. */
    public void bindTo(MeterRegistry meters) {
        metrics.bindTo(meters);
    }

    /** Saves the history of the page for the next start, after all routes have ended. */
    public void putAway() {
        history.putAway();
    }
}
