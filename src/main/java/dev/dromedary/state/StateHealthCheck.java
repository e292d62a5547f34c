package dev.dromedary.state;

import java.util.Map;
import java.util.function.Supplier;

import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Says when nothing can be kept on disk; neither readiness nor liveness, as mirroring goes on from memory. */
public final class StateHealthCheck extends AbstractHealthCheck {

    private final Supplier<String> fault;

    /** @param fault why not, or null */
    public StateHealthCheck(Supplier<String> fault) {
        super("dromedary", "state");
        this.fault = fault;
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
        String now = fault.get();
        if (now == null) {
            builder.up();
        } else {
            builder.message(now).down();
        }
    }
}
