package dev.dromedary.systemd;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.dromedary.watch.InotifyConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.support.LifecycleStrategySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies systemd, if it started the program, when the program has started, that it is alive, when it reloads its configuration, and when
 * it stops.
 *
 * <p>Started means that the configuration is accepted, the routes run and the HTTP port is open. Sources may still be scanned or be
 * missing; the health check reports that. Alive means that no watch is stuck. An unreachable target or a halted mirror is not a reason to
 * restart.
 */
public final class SystemdService extends LifecycleStrategySupport {

    private static final Logger LOG = LoggerFactory.getLogger(SystemdService.class);
    private static final long SHORTEST_MICROS = TimeUnit.SECONDS.toMicros(1);

    private final SystemdNotifier notify;
    private final long watchdogMicros;
    private ScheduledExecutorService beats;

    private SystemdService(SystemdNotifier notify, long watchdogMicros) {
        this.notify = notify;
        this.watchdogMicros = watchdogMicros;
    }

    /**
     * Creates the service to add to a Camel context.
     *
     * @param environment of the process: NOTIFY_SOCKET, and WATCHDOG_USEC and WATCHDOG_PID of sd_watchdog_enabled(3)
     * @return empty if no notification is wanted
     */
    public static Optional<SystemdService> asked(Map<String, String> environment) {
        String socket = environment.get("NOTIFY_SOCKET");
        if (socket == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SystemdService(new SystemdNotifier(socket), watchdogMicros(environment)));
        } catch (IllegalArgumentException | LinkageError e) {
            // the watch reports the workaround for a LinkageError
            LOG.warn("systemd is told nothing: {}", e.getMessage());
            return Optional.empty();
        }
    }

    // 0 without a watchdog
    private static long watchdogMicros(Map<String, String> environment) {
        String pid = environment.get("WATCHDOG_PID");
        boolean ours = pid == null || pid.equals(Long.toString(ProcessHandle.current().pid()));
        return ours ? Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0")) : 0;
    }

    @Override
    public void onContextStarted(CamelContext context) {
        tell("READY=1\nSTATUS=started; dromedary status says how the targets stand");
        if (watchdogMicros > 0) {
            beats = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "watchdog");
            beats.scheduleAtFixedRate(() -> beat(context), 0, beatMicros(), TimeUnit.MICROSECONDS);
        }
    }

    @Override
    public void onContextStopping(CamelContext context) {
        // systemd expects no more heartbeats from here on; TimeoutStopSec limits the stop
        if (beats != null) {
            context.getExecutorServiceManager().shutdownGraceful(beats);
        }
        tell("STOPPING=1");
    }

    /** Reports that the configuration is being reloaded, as required by sd_notify(3) and a unit with {@code Type=notify-reload}. */
    public void reloading() {
        // CLOCK_MONOTONIC, which System.nanoTime uses too
        tell("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
    }

    /** Reports that the reload has ended, whether it succeeded or not. */
    public void reloaded() {
        tell("READY=1");
    }

    private long beatMicros() {
        return Math.max(SHORTEST_MICROS, watchdogMicros / 2);
    }

    /** Sends a heartbeat if the program is alive. */
    void beat(CamelContext context) {
        long patience = TimeUnit.MICROSECONDS.toNanos(beatMicros());
        List<String> stuck = context.getRoutes().stream().map(Route::getConsumer).filter(InotifyConsumer.class::isInstance)
                .map(watch -> ((InotifyConsumer) watch).stuck(patience)).filter(Objects::nonNull).toList();
        if (stuck.isEmpty()) {
            tell("WATCHDOG=1");
        } else {
            stuck.forEach(why -> LOG.error("{}. systemd will start the program anew", why));
        }
    }

    private void tell(String message) {
        try {
            notify.send(message);
        } catch (IOException e) {
            LOG.warn("systemd could not be told {}: {}", message.lines().findFirst().orElse(""), e.getMessage());
        }
    }
}
