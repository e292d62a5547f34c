package dev.dromedary.routes;

import java.util.Map;
import java.util.function.Supplier;

import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Shows a fault of the whole program among Camel's health checks. It counts neither for readiness nor for liveness: mirroring goes on as
 * well as it can, and a restart would not help.
 */
public final class FaultHealthCheck extends AbstractHealthCheck {

    private final Supplier<String> fault;

    /**
     * @param id    the id of the check, such as {@code state}
     * @param fault returns what is wrong at this moment; null if nothing is
     */
    public FaultHealthCheck(String id, Supplier<String> fault) {
        super("dromedary", id);
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
