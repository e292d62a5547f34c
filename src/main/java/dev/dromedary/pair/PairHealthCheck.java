package dev.dromedary.pair;

import java.util.Map;

import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Says whether this process could lead its pair, among Camel's other checks; no restart would help one that can't. */
public final class PairHealthCheck extends AbstractHealthCheck {

    private final LeadershipListener pair;

    /** @param pair in which it takes part */
    public PairHealthCheck(LeadershipListener pair) {
        super("dromedary", "pair");
        this.pair = pair;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    public boolean isReadiness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        String fault = pair.role().fault();
        if (fault == null) {
            builder.up();
        } else {
            builder.message(fault).down();
        }
    }
}
