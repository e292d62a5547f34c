package dev.dromedary.routes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.config.ConfigDiff;
import dev.dromedary.config.ConfigFault;
import dev.dromedary.config.ConfigFile;
import dev.dromedary.config.ConfigPropertiesSource;
import dev.dromedary.config.ConfigWritableByOthersCheck;
import dev.dromedary.config.ConfigurationException;
import dev.dromedary.config.Settings;
import dev.dromedary.hook.HookEndpointCheck;
import dev.dromedary.http.HttpExposureCheck;
import dev.dromedary.log.LogEscaping;
import dev.dromedary.log.Redaction;
import dev.dromedary.systemd.SystemdService;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ServiceStatus;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reloads the configuration while the program runs: on a request, on SIGHUP, or when its file has changed. It is checked as at a start; a
 * fault in it changes nothing. One reload runs at a time and the next one waits; none starts while the program stops. Safe for use by
 * several threads.
 */
public final class ConfigReload {

    /** The result of a reload; if there are faults, nothing has changed. */
    record Result(List<String> added, List<String> removed, List<String> changed, int unchanged, Set<String> needsRestart,
            List<String> faults) {

        static Result refused(List<String> faults, int unchanged) {
            return new Result(List.of(), List.of(), List.of(), unchanged, Set.of(), faults);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ConfigReload.class);
    private static final int VERSION = 1;
    private static final int CONFLICT = 409;
    private static final int REFUSED = 422;
    private static final int UNAVAILABLE = 503;
    // longer than one reload takes, shorter than the time limit of a stop
    private static final long AWAITED_AT_A_STOP_SECONDS = 15;

    private final CamelContext context;
    private final MirrorRoutes mirrors;
    private final Optional<SystemdService> systemd;
    private final ReentrantLock lock;
    private ConfigFileWatcher watch;
    private ExecutorService thread;
    private final AtomicBoolean asksHosts = new AtomicBoolean();
    // guarded by the lock: keys that are read at the start only, and have another value in the file now
    private Map<String, String> fixed = Map.of();
    private String hostFault;
    private volatile boolean stops;

    /**
     * @param lock    is held while routes are stopped and made
     * @param systemd is told of each reload
     */
    public ConfigReload(CamelContext context, MirrorRoutes mirrors, ReentrantLock lock, Optional<SystemdService> systemd) {
        this.context = context;
        this.mirrors = mirrors;
        this.lock = lock;
        this.systemd = systemd;
    }

    /** Answers {@code POST /api/reload} with the result of the reload, or with 422 and the faults if it is refused. */
    public String answer(Exchange exchange) {
        ConfigPropertiesSource source = source();
        if (source == null || source.file() == null) {
            return refuse(exchange, CONFLICT, "it was started without a configuration file, so there is nothing to take in: start it with"
                    + " --config FILE", List.of());
        }
        Optional<Result> result = reload(source);
        if (result.isEmpty()) {
            return refuse(exchange, UNAVAILABLE, "it is starting or stopping: ask again when it runs", List.of());
        }
        Result came = result.get();
        if (!came.faults.isEmpty()) {
            return refuse(exchange, REFUSED, "the configuration " + source.file() + " is refused, and nothing is changed", came.faults);
        }
        return json(came).toJson();
    }

    private static String refuse(Exchange exchange, int code, String why, List<String> faults) {
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, code);
        JsonObject json = json(Result.refused(faults, 0));
        json.remove("unchanged");
        json.put("error", why);
        return json.toJson() + '\n';
    }

    private static JsonObject json(Result result) {
        JsonObject json = new JsonObject();
        json.put("version", VERSION);
        json.put("added", new JsonArray(result.added));
        json.put("removed", new JsonArray(result.removed));
        json.put("changed", new JsonArray(result.changed));
        json.put("unchanged", result.unchanged);
        json.put("needsRestart", new JsonArray(result.needsRestart));
        json.put("faults", new JsonArray(result.faults));
        return json;
    }

    /** Reloads the configuration on SIGHUP. */
    public void hungUp() {
        ConfigPropertiesSource source = source();
        if (source == null || source.file() == null) {
            LOG.info("SIGHUP: there is no configuration file to take in");
        } else if (reload(source).isEmpty()) {
            LOG.info("SIGHUP: it is starting or stopping, and takes nothing in");
        }
    }

    /** Reloads the configuration if its file has changed and is stable again. Call it each second. */
    public void look() {
        ConfigPropertiesSource source = source();
        if (source == null || source.file() == null) {
            return;
        }
        if (watch == null) {
            watch = new ConfigFileWatcher(source.file());
            thread = context.getExecutorServiceManager().newSingleThreadExecutor(this, "reload");
        } else if (!watch.hasChanged()) {
            return;
        }
        try {
            // not on the thread of the route, which the reload may stop
            thread.execute(() -> {
                if (isOther(source)) {
                    reload(source);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("It stops, and takes nothing in");
        }
    }

    /** Looks up the current hosts and applies them. Call it every few seconds; while a slow lookup is still running, no second one starts. */
    public void lookAtHosts() {
        if (!asksHosts.compareAndSet(false, true)) {
            return;
        }
        // not on the thread of the route, which a reload may stop
        Thread asking = new Thread(() -> {
            try {
                if (mirrors.hosts().look()) {
                    followHosts();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                asksHosts.set(false);
            }
        }, "targets-from");
        asking.setDaemon(true);
        asking.start();
    }

    private void followHosts() {
        lock.lock();
        try {
            if (stops || !mirrors.areMade() || context.getStatus() != ServiceStatus.Started) {
                return;
            }
            ConfigDiff difference = new LiveReconfiguration(context, mirrors).to(mirrors.settings(fixed));
            difference.mirrors().stream().filter(one -> one.after() != null)
                    .forEach(one -> one.leaving().stream().filter(target -> one.isGone(target)).forEach(mirrors::forget));
            hostFault = null;
        } catch (ConfigurationException e) {
            sayHosts(String.join("; ", e.faults().stream().map(ConfigFault::toString).toList()));
        } catch (Exception e) {
            LOG.debug("It could not go over to other hosts", e);
            sayHosts(oneLine(innermost(e)));
        } finally {
            lock.unlock();
        }
    }

    private void sayHosts(String why) {
        if (!why.equals(hostFault)) {
            LOG.error("The hosts that there are now can't be taken in, and all targets are as they were: {}. It is tried again", why);
        }
        hostFault = why;
    }

    // the file may only have been touched, or may have been reloaded in another way
    private static boolean isOther(ConfigPropertiesSource source) {
        try {
            return !ConfigFile.read(source.file()).equals(source.values());
        } catch (IOException e) {
            return true;
        }
    }

    /** Waits for a reload that is in progress, and lets no other one start. */
    public void stop() {
        stops = true;
        try {
            if (lock.tryLock(AWAITED_AT_A_STOP_SECONDS, TimeUnit.SECONDS)) {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ConfigPropertiesSource source() {
        return context.getRegistry().lookupByNameAndType("configSource", ConfigPropertiesSource.class);
    }

    private Optional<Result> reload(ConfigPropertiesSource source) {
        lock.lock();
        try {
            if (stops || !mirrors.areMade() || context.getStatus() != ServiceStatus.Started) {
                return Optional.empty();
            }
            systemd.ifPresent(SystemdService::reloading);
            try {
                return Optional.of(take(source));
            } finally {
                systemd.ifPresent(SystemdService::reloaded);
            }
        } finally {
            lock.unlock();
        }
    }

    private Result take(ConfigPropertiesSource source) {
        int all = mirrors.views().settings().ids().size();
        Properties before = source.values();
        try {
            Properties next = ConfigFile.read(source.file());
            Map<String, String> atStart = fixed(source, source.atStart(), next);
            source.use(next);
            check(source.file(), next);
            Set<String> needsRestart = differing(atStart, fixed(source, next, source.atStart()));
            source.use(next);
            ConfigDiff difference = new LiveReconfiguration(context, mirrors).to(settings(atStart, needsRestart));
            fixed = instead(atStart, needsRestart);
            Result result = new Result(difference.added(), difference.removed(), difference.changed(), difference.unchanged(), needsRestart,
                    List.of());
            say(source.file(), result);
            return result;
        } catch (ConfigurationException e) {
            return refused(source, before, e.faults().stream().map(ConfigFault::toString).toList(), all);
        } catch (IOException e) {
            return refused(source, before, List.of("the configuration " + source.file() + " can't be read: " + oneLine(e)), all);
        } catch (Exception e) {
            LOG.debug("It could not go over to it", e);
            return refused(source, before, List.of("it can't go by this configuration: " + oneLine(innermost(e))), all);
        }
    }

    private void check(Path file, Properties next) throws ConfigurationException, IOException {
        ConfigWritableByOthersCheck.check(file, "");
        HttpExposureCheck.checkQuietly(context);
        Settings settings = ConfigCheck.read(context, mirrors, next);
        KafkaBeans.checkClasses(context, settings);
        HookEndpointCheck.missingPrograms(settings).forEach(fault -> LOG.warn("{}", fault));
    }

    // keys that are read at the start only keep the values that they had then
    private Settings settings(Map<String, String> atStart, Set<String> needsRestart) throws ConfigurationException {
        return mirrors.settings(instead(atStart, needsRestart));
    }

    private static Map<String, String> instead(Map<String, String> atStart, Set<String> needsRestart) {
        Map<String, String> instead = new HashMap<>();
        Settings.FIXED.stream().filter(needsRestart::contains).forEach(key -> instead.put(key, atStart.get(key)));
        return instead;
    }

    // returns each such key of either set, with its value in the first
    private Map<String, String> fixed(ConfigPropertiesSource source, Properties values, Properties others) {
        source.use(values);
        Map<String, String> fixed = new HashMap<>();
        Stream.of(values, others).flatMap(each -> each.stringPropertyNames().stream())
                .filter(key -> key.startsWith("camel.") || Settings.FIXED.contains(key))
                .forEach(key -> fixed.put(key, value(key, values)));
        return fixed;
    }

    private String value(String key, Properties values) {
        try {
            return context.getPropertiesComponent().resolveProperty(key).orElse(null);
        } catch (IllegalArgumentException e) {
            // a placeholder in it has no value; a start reports that
            return values.getProperty(key);
        }
    }

    private static Set<String> differing(Map<String, String> one, Map<String, String> other) {
        return one.keySet().stream().filter(key -> !Objects.equals(one.get(key), other.get(key)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Result refused(ConfigPropertiesSource source, Properties before, List<String> faults, int all) {
        source.use(before);
        faults.forEach(fault -> LOG.error("The configuration {} is NOT taken in, all is as it was: {}", source.file(), fault));
        return Result.refused(faults, all);
    }

    private static void say(Path file, Result result) {
        List<String> parts = new ArrayList<>();
        Map.of("added", result.added, "removed", result.removed, "changed", result.changed).entrySet().stream()
                .filter(part -> !part.getValue().isEmpty()).sorted(Map.Entry.comparingByKey())
                .forEach(part -> parts.add(part.getKey() + " " + String.join(", ", part.getValue())));
        parts.add("unchanged targets: " + result.unchanged);
        LOG.info("The configuration {} is taken in: {}", file, String.join("; ", parts));
        if (!result.needsRestart.isEmpty()) {
            LOG.warn("What {} says of {} needs a restart", file, String.join(", ", result.needsRestart));
        }
    }

    private static Throwable innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String oneLine(Throwable failure) {
        return LogEscaping.of(Redaction.of(String.valueOf(failure.getMessage() == null ? failure : failure.getMessage())));
    }
}
