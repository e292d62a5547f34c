package dev.dromedary.status;

import java.util.Map;

import dev.dromedary.topic.SubscriptionHealth;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Reports among Camel's health checks whether an agent can follow its topic. The readiness check stays up, because the folder can be served
 * without a broker.
 */
final class TopicHealthCheck extends AbstractHealthCheck {

    private final SubscriptionHealth following;

    TopicHealthCheck(String mirror, SubscriptionHealth following) {
        super("dromedary", "topic:" + mirror);
        this.following = following;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        String fault = following.fault();
        builder.message(fault);
        if (fault == null || options.get(CHECK_KIND) == Kind.READINESS) {
            builder.up();
        } else {
            builder.down();
        }
    }
}
