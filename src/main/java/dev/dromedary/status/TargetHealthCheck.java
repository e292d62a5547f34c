package dev.dromedary.status;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

import dev.dromedary.config.Target;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Reports the state of a target among Camel's health checks: down if the target gets nothing now, or not all, and nobody wants it so. The
 * readiness check stays up in these cases, because the other targets go on; it is down only while it is not known yet what the target
 * lacks. The Camel CLI asks only for readiness, and shows the message.
 */
final class TargetHealthCheck extends AbstractHealthCheck {

    private static final Set<dev.dromedary.status.TargetStateLabel> DOWN =
            Set.of(dev.dromedary.status.TargetStateLabel.PARTIAL, dev.dromedary.status.TargetStateLabel.AWAY, dev.dromedary.status.TargetStateLabel.FULL,
                    dev.dromedary.status.TargetStateLabel.HALTED);
    private static final double MILLIS = 1000.0;

    private final StatusCollector status;
    private final Target target;

    TargetHealthCheck(StatusCollector status, Target target) {
        super("dromedary", "target:" + target.id());
        this.status = status;
        this.target = target;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Instant at = Instant.now();
        StatusSnapshot.OfTarget now = status.target(target, at);
        builder.detail("target", now.url());
        builder.detail("state", now.state().text());
        builder.detail("pending", now.pending());
        builder.detail("lag.seconds", now.lag(at).toMillis() / MILLIS);
        builder.detail("dead.letters", now.deadLetters());
        if (now.nextAttempt() != null) {
            builder.detail("next.attempt", StatusJson.text(now.nextAttempt()));
        }
        if (now.reason() != null) {
            builder.message(now.state().text() + ": " + now.reason());
        }
        if (now.state() == dev.dromedary.status.TargetStateLabel.STARTING || DOWN.contains(now.state()) && options.get(CHECK_KIND) != Kind.READINESS) {
            builder.down();
        } else {
            builder.up();
        }
    }
}
