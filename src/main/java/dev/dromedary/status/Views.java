package dev.dromedary.status;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import dev.dromedary.change.Backlog;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.pair.Role;
import dev.dromedary.rsync.FollowedRsyncBinding;
import dev.dromedary.rsync.RsyncBinding;
import dev.dromedary.rsync.TooLong;
import dev.dromedary.transferlog.TransferLog;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.spi.Registry;

/** Binds what {@code routes/status.camel.yaml} names, and what the figures in there come from. */
public final class Views {

    private final Settings settings;
    private final Status status;
    private final Metrics metrics;
    private final History history;

    private Views(Settings settings, Status status, Metrics metrics, History history) {
        this.settings = settings;
        this.status = status;
        this.metrics = metrics;
        this.history = history;
    }

    /**
     * To be called when all targets are known, and before a route is made.
     *
     * @param backlogs  by mirror/target
     * @param tooLong   by mirror/target
     * @param log       what the runs say that they have done
     * @param role      what this process is in its pair; nothing if it is alone
     */
    public static Views bind(CamelContext context, Settings settings, Map<String, Backlog> backlogs,
            Map<String, TooLong> tooLong, DeadLetters deadLetters, TransferLog log, Supplier<Optional<Role>> role) {
        Path stateDir = settings.stateDir();
        Map<String, Ledger> ledgers = new LinkedHashMap<>();
        Verification verification = new Verification(context.getExecutorServiceManager().newCachedThreadPool(settings, "verify"),
                stateDir);
        Status status = new Status(context, settings, backlogs, ledgers, deadLetters, verification, role);
        Metrics metrics = new Metrics(settings, status, tooLong);
        History history = new History(status, ledgers, stateDir);
        settings.mirrors().stream().flatMap(mirror -> mirror.targets().stream()).forEach(target ->
                ledgers.put(target.id(), new Ledger(end -> {
                    history.ended(target.id(), end);
                    metrics.ended(target, end);
                })));
        Steering steering = new Steering(settings, backlogs, deadLetters, verification, status, stateDir);
        steering.goOn();
        Registry registry = context.getRegistry();
        registry.bind("status", status);
        registry.bind("history", history);
        registry.bind("letters", new Letters(settings, backlogs, deadLetters));
        registry.bind("pendingPaths", new PendingPaths(settings, status, backlogs, deadLetters));
        registry.bind("steering", steering);
        registry.bind("explainer", new Explainer(context, settings, backlogs, deadLetters, status, log));
        registry.bind("transfers", new Transfers(log));
        registry.bind("waits", new Waits(context, settings, backlogs, status));
        registry.bind("hints", new Hints(settings, status));
        registry.bind("lagAlarms", new LagAlarms(settings, backlogs, status));
        registry.bind("rsyncBinding", new RsyncBinding());
        registry.bind("followedRsyncBinding", new FollowedRsyncBinding());
        context.addRoutePolicyFactory(new RunRecorder(ledgers, log));
        return new Views(settings, status, metrics, history);
    }

    /** Puts how each target stands among Camel's own health checks. */
    public void bindTo(HealthCheckRegistry checks) {
        settings.mirrors().stream().flatMap(mirror -> mirror.targets().stream())
                .forEach(target -> checks.register(new TargetHealthCheck(status, target)));
        settings.mirrors().stream().filter(Mirror::isPulled)
                .forEach(mirror -> checks.register(new TopicHealthCheck(mirror.name(), status.following(mirror))));
    }

    /** Puts the figures where Prometheus finds them. */
    public void bindTo(MeterRegistry meters) {
        metrics.bindTo(meters);
    }

    /** Keeps what the page shows of the past, for the next start; when all routes have ended. */
    public void putAway() {
        history.putAway();
    }
}
