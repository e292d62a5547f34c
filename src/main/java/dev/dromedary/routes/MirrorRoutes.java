package dev.dromedary.routes;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.BacklogComponent;
import dev.dromedary.change.ChangeSetAggregationStrategy;
import dev.dromedary.change.WholeTreeChange;
import dev.dromedary.clock.ClockWatch;
import dev.dromedary.config.ConfigFault;
import dev.dromedary.config.ConfigurationException;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.config.TargetUrl.Kind;
import dev.dromedary.deadletter.DeadLetterHeader;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.hook.HookMessage;
import dev.dromedary.hosts.HostLists;
import dev.dromedary.http.HttpExposureCheck;
import dev.dromedary.pair.LeadershipListener;
import dev.dromedary.rsync.OrphanedProcesses;
import dev.dromedary.rsync.OverlongPaths;
import dev.dromedary.rsync.ParentDeathSignal;
import dev.dromedary.rsync.RsyncExecutor;
import dev.dromedary.rsync.RsyncVersion;
import dev.dromedary.rsync.SshControlSockets;
import dev.dromedary.rsync.TargetGuard;
import dev.dromedary.rsync.WarmRsyncCoordinator;
import dev.dromedary.source.SourceGuard;
import dev.dromedary.state.PauseFlag;
import dev.dromedary.state.StateFolder;
import dev.dromedary.state.StateLock;
import dev.dromedary.state.UnsavedChangesFlag;
import dev.dromedary.state.WritableByOthers;
import dev.dromedary.status.StatusBeans;
import dev.dromedary.transferlog.TransferLog;
import dev.dromedary.watch.HardLinkMode;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.model.Model;
import org.apache.camel.spi.Registry;
import org.apache.camel.spi.RouteTemplateParameterSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the configured mirrors out of the route templates: binds the beans that the routes name, and tells Camel which
 * routes to make from which template.
 */
public final class MirrorRoutes implements RouteTemplateParameterSource {

    private static final Logger LOG = LoggerFactory.getLogger(MirrorRoutes.class);

    // the changes of one command mostly come without such a pause; it is a tenth of the time that a small change takes
    private static final long SETTLE_MICROS = 250;
    // a fuse counts the deletions of one run, so the deletions of one command must not be split, however short the window is
    private static final Duration LEAST_WITH_A_FUSE = Duration.ofMillis(50);

    /** The owners of routes that are made once for all mirrors, if a configuration wants them, and the template of each. */
    private static final String RELOAD = "dromedary.reload";
    private static final String LAG_ALARM = "dromedary.lag-alarm";
    private static final String TARGETS_FROM = "dromedary.targets-from";
    private static final Map<String, String> SHARED = Map.of(RELOAD, "reload-by-file", LAG_ALARM, "lag-alarm", TARGETS_FROM, "targets-from");
    private static final String OF_NONE = "";

    /** A watched source, and the filter for what no target wants. */
    private record Source(SourceGuard root, AtomicReference<PathFilter> leftOut) {
    }

    private final CamelContext context;
    private final CamelSettings settings;
    // the targets whose whole tree is pending at their start
    private final Set<String> comparedAtStart = new HashSet<>();
    // by mirror, by mirror/target, and what belongs to none of them
    private final Map<String, RouteTemplateInstances> made = new LinkedHashMap<>();
    private final Map<String, Source> sources = new HashMap<>();
    private final Map<String, ReplayEndpoints> replays = new HashMap<>();
    private final ReplayEndpoints replayAll = new ReplayEndpoints();
    private final HostLists hosts = new HostLists();
    private final Map<String, OverlongPaths> overlongPaths = new ConcurrentHashMap<>();
    private DeadLetters deadLetters;
    private TransferLog transferLog;
    private RsyncExecutor executor;
    private WarmRsyncCoordinator warmRuns;
    private TargetBacklogs backlogs;
    private StatusBeans views;
    private StateLock lock;
    private RsyncVersion rsync;
    private Path stateDir;
    private Path controls;
    private boolean ssh;
    // what the other process of a pair sees as well
    private Path shared;
    private LeadershipListener pair;
    private String lead = "";
    private String leads = "true";
    private boolean alone;
    private boolean firstDeletionsAllowed;
    private volatile boolean configured;

    public MirrorRoutes(CamelContext context) {
        this.context = context;
        this.settings = new CamelSettings(context);
    }

    /**
     * Reads and checks the configuration, once. If Camel has none of our keys, nothing is made: then somebody uses only the components.
     *
     * @throws ConfigurationException if anything is wrong, or if the HTTP server would be open to others; then nothing was made
     * @throws IOException            if rsync or the state folder is not available; the message says what to do
     */
    public void configure() throws ConfigurationException, IOException {
        if (!configured && areConfigured()) {
            configure(settings());
        }
    }

    /**
     * Does the same with settings that have been read already.
     *
     * @param settings as {@link #settings} has just returned them
     */
    public void configure(Settings settings) throws ConfigurationException, IOException {
        HttpExposureCheck.check(context);
        KafkaBeans.checkClasses(context, settings);
        rsync = RsyncVersion.probe();
        if (!rsync.deletesMissingArgs()) {
            LOG.warn("rsync {} has a broken --delete-missing-args: deletions cost a look through the folder; any other"
                    + " release is better", rsync);
        }
        stateDir = settings.stateDir();
        shared = stateDir;
        makeStateDir(stateDir);
        lock = StateLock.take(stateDir);
        controls = SshControlSockets.usual(stateDir);
        prepare(settings);
        int orphans = OrphanedProcesses.end(stateDir, controls);
        if (orphans > 0) {
            LOG.warn("Ended {} processes, rsync or ssh, that an earlier run had left behind", orphans);
        }
        deadLetters = new DeadLetters(stateDir);
        transferLog = new TransferLog(stateDir, settings.transferLog());
        backlogs = new TargetBacklogs(stateDir, deadLetters);
        bindCommon(settings);
        for (Mirror mirror : settings.mirrors()) {
            for (Target target : mirror.targets()) {
                make(mirror, target, alone);
            }
            makeEverywhere(mirror);
            makeWatch(mirror);
        }
        if (pair != null) {
            routes(OF_NONE).add("lead", "lead", Map.of());
        }
        for (String owner : wanted(settings)) {
            makeShared(owner);
        }
        // the permission was given for the targets that were there at the start
        firstDeletionsAllowed &= pair != null;
        hosts.takenIn(settings);
        views = StatusBeans.bind(context, settings, backlogs.all(), overlongPaths, deadLetters, transferLog, hosts,
                pair == null ? Optional::empty : () -> Optional.of(pair.role()));
        for (String unknown : deadLetters.setAsideUnknown()) {
            new UnsavedChangesFlag(stateDir, unknown).begin();
        }
        configured = true;
    }

    /** {@return the current hosts, for targets that come and go with them} */
    public HostLists hosts() {
        return hosts;
    }

    /** {@return whether Camel has any of our keys} */
    public boolean areConfigured() {
        return settings.areThere();
    }

    /** Reads and checks the configuration, and makes nothing. */
    public Settings settings() throws ConfigurationException {
        return settings(Map.of());
    }

    /** Does the same with replacement values for some keys; null removes a key. */
    public Settings settings(Map<String, String> instead) throws ConfigurationException {
        return settings.read(instead, hosts);
    }

    /** Returns whether the mirrors are made. */
    boolean areMade() {
        return configured;
    }

    /** Returns the status beans, which know the current configuration; null before {@link #configure}. */
    StatusBeans views() {
        return views;
    }

    /** {@return the owners of all routes that may be made once for all mirrors} */
    static Set<String> shared() {
        return SHARED.keySet();
    }

    /** {@return those of {@link #shared} that a configuration wants} */
    Set<String> wanted(Settings settings) {
        Set<String> wanted = new LinkedHashSet<>();
        if (settings.reloads() && !alone) {
            wanted.add(RELOAD);
        }
        if (settings.alarms()) {
            wanted.add(LAG_ALARM);
        }
        if (settings.followsHosts() && !alone) {
            wanted.add(TARGETS_FROM);
        }
        return wanted;
    }

    /** Defines the route of one of {@link #shared}. */
    void makeShared(String owner) {
        String template = SHARED.get(owner);
        routes(owner).add(template, template, Map.of());
    }

    /** {@return the owner of the route that reports what has arrived at all targets of a mirror} */
    static String everywhere(String mirror) {
        return "everywhere " + mirror;
    }

    /** Returns whether the whole tree of a target is enqueued when it starts, or would be. */
    boolean isComparedAtStart(Target target) {
        return comparedAtStart.contains(target.id());
    }

    /** Returns whether this process sends to the targets now. The standby of a pair enqueues everything once it takes over. */
    boolean leads() {
        return pair == null || pair.leads();
    }

    /**
     * Returns the routes of a mirror, of a mirror/target, of {@link #everywhere}, or of one of {@link #shared}, in the order in which they
     * are made.
     */
    Map<String, Map<String, Object>> routesOf(String owner) {
        Map<String, Map<String, Object>> all = new LinkedHashMap<>();
        RouteTemplateInstances routes = made.get(owner);
        if (routes != null) {
            routes.ids().forEach(id -> all.put(id, routes.parameters(id)));
        }
        return all;
    }

    /** Removes what was made for one of these, after its routes have ended. */
    void end(String owner) {
        RouteTemplateInstances routes = made.remove(owner);
        if (routes != null) {
            routes.end();
        }
    }

    /** Removes the source of a mirror that is gone or has another source. */
    void leave(Mirror mirror) {
        sources.remove(mirror.name());
        replays.remove(mirror.name());
    }

    /** Removes a target after its routes have ended; its pending changes are on disk then. If it comes back, its whole tree is compared. */
    void leave(Target target) {
        if (!backlogs.close(target)) {
            return;
        }
        deadLetters.close(target.id());
        comparedAtStart.remove(target.id());
        replayAll.remove(target.id());
        ReplayEndpoints ofMirror = replays.get(target.mirror());
        if (ofMirror != null) {
            ofMirror.remove(target.id());
        }
    }

    /** Deletes all state of a removed target: its host is gone, and if it comes back it is a new one. */
    void forget(Target target) {
        try {
            deadLetters.remove(target.id());
            new UnsavedChangesFlag(stateDir, target.id()).end();
            new PauseFlag(stateDir, target.id()).end();
            Files.deleteIfExists(TargetGuard.file(target.url().kind() == Kind.LOCAL ? stateDir : shared, target));
        } catch (IOException e) {
            LOG.warn("{}: what was kept of it could not be removed: {}", target.id(), e.toString());
        }
    }

    /** {@return the backlogs of all targets} */
    TargetBacklogs targets() {
        return backlogs;
    }

    private static void makeStateDir(Path stateDir) throws ConfigurationException, IOException {
        try {
            StateFolder.make(stateDir);
            // another process may have made it in between
            Optional<WritableByOthers> fault = StateFolder.fault(stateDir);
            if (fault.isEmpty()) {
                fault = StateFolder.close(stateDir);
            }
            if (fault.isPresent()) {
                throw new ConfigurationException(List.of(new ConfigFault("dromedary.state-dir", stateDir.toString(),
                        fault.get().problem(), fault.get().remedy())));
            }
        } catch (IOException e) {
            throw new IOException("dromedary.state-dir = " + stateDir + ": this folder can't be made ("
                    + e.getMessage() + "); name one that can", e);
        }
    }

    private void bindCommon(Settings settings) throws IOException {
        Registry registry = context.getRegistry();
        registry.bind("changeSets", new ChangeSetAggregationStrategy());
        registry.bind("wholeTree", new WholeTreeChange());
        registry.bind("deadLetters", deadLetters);
        registry.bind("backlogCheckpointer", backlogs.checkpointer());
        registry.bind("replayEndpoints", replayAll);
        registry.bind("clockWatch", ClockWatch.of(context));
        boolean paired = settings.pair() != null && !alone;
        executor = new RsyncExecutor(context.getExecutorServiceManager().newCachedThreadPool(this, "rsync-messages"),
                stateDir, settings.maxRuns(), paired ? ParentDeathSignal.command() : List.of());
        registry.bind("rsync", executor);
        warmRuns = new WarmRsyncCoordinator(context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "warm-runs"));
        if (paired) {
            pair = LeadershipListener.of(context, settings.pair(), stateDir, executor::allow);
            if (settings.pair().folder() != null) {
                shared = settings.pair().folder();
            } else {
                // it is not known whether the other process has sent anything before
                firstDeletionsAllowed = true;
            }
            lead = LeadershipListener.LEAD;
            leads = LeadershipListener.LEADS;
            registry.bind("pair", pair);
        }
        registry.bind("dromedary-routes", RouteTemplateParameterSource.class, this);
    }

    private RouteTemplateInstances routes(String owner) {
        return made.computeIfAbsent(owner, key -> new RouteTemplateInstances(context.getRegistry(), lead, leads));
    }

    /** Makes what several targets of a configuration share, before the first of them is made. */
    void prepare(Settings settings) throws IOException {
        if (!ssh && settings.mirrors().stream().flatMap(mirror -> mirror.targets().stream())
                .anyMatch(target -> target.url().kind() == Kind.SSH)) {
            controls = SshControlSockets.folder(stateDir);
            ssh = true;
        }
    }

    private Source source(Mirror mirror) throws IOException {
        Source known = sources.get(mirror.name());
        if (known != null) {
            return known;
        }
        Path file = SourceGuard.file(stateDir, mirror.name());
        StateFolder.make(file.getParent());
        AtomicReference<PathFilter> leftOut = new AtomicReference<>(leftOut(mirror));
        Source source = new Source(new SourceGuard(mirror.source(), file, PathFilter.by(leftOut::get)), leftOut);
        sources.put(mirror.name(), source);
        return source;
    }

    private static PathFilter leftOut(Mirror mirror) {
        return PathFilter.allOf(mirror.watchedFor().stream().map(target -> FilterRules.of(target.filter())).toList());
    }

    /**
     * Makes the beans of a target and defines its routes.
     *
     * @param compared whether its whole tree is enqueued at its start, whatever the configuration says
     */
    void make(Mirror mirror, Target target, boolean compared) throws IOException {
        boolean known = backlogs.get(target.id()) != null;
        TransportEnvironment environment = new TransportEnvironment(context, stateDir, shared, controls, rsync, alone, firstDeletionsAllowed,
                transferLog.isOn());
        new TargetRoutes(environment, routes(target.id()), backlogs, deadLetters, executor, warmRuns, mirror, target)
                .make(source(mirror).root, overlongPaths.computeIfAbsent(target.id(), key -> new OverlongPaths()));
        // after a crash it is not known which changes came in the last moments before it
        boolean fresh = hosts.isNew(target.mirror(), target.name());
        boolean reconcile = compared || fresh || target.reconcileOnStart() || backlogs.isAfterCrash(target);
        if (reconcile) {
            comparedAtStart.add(target.id());
        } else {
            comparedAtStart.remove(target.id());
        }
        if (reconcile && (compared || !known)) {
            backlogs.get(target.id()).treeIsDue();
        }
        replays.computeIfAbsent(mirror.name(), key -> new ReplayEndpoints()).add(target, reconcile);
        replayAll.add(target, true);
    }

    /** Defines the route that reports what has arrived at all targets of a mirror, if an endpoint is set; after {@link #make} of the targets. */
    void makeEverywhere(Mirror mirror) {
        if (mirror.arrivedEverywhere() != null) {
            RouteTemplateInstances routes = routes(everywhere(mirror.name()));
            routes.bind("everywhereMessage-" + mirror.name(), new HookMessage(mirror.name(), mirror.source()));
            routes.add("arrived-everywhere-" + mirror.name(), "arrived-everywhere", Map.of("mirror", mirror.name(),
                    "endpoint", mirror.arrivedEverywhere()));
        }
    }

    /** Defines the routes that enqueue the changes of a mirror's source for its targets; after {@link #make} of these. */
    void makeWatch(Mirror mirror) throws IOException {
        Source source = source(mirror);
        source.leftOut.set(leftOut(mirror));
        source.root.submounts().lookAnew();
        if (mirror.hosts() != null) {
            context.getComponent("backlog", BacklogComponent.class).mayBeEmpty(mirror.name());
        }
        RouteTemplateInstances routes = routes(mirror.name());
        routes.bind("replayEndpoints-" + mirror.name(), replays.computeIfAbsent(mirror.name(), key -> new ReplayEndpoints()));
        routes.bind("source-" + mirror.name(), source.root);
        if (mirror.isPulled()) {
            agent(routes, mirror);
        } else {
            watch(routes, mirror, PathFilter.anyOf(source.root.submounts(), leftOut(mirror)));
        }
    }

    private void watch(RouteTemplateInstances routes, Mirror mirror, PathFilter filter) {
        String name = mirror.name();
        routes.bind("filter-" + name, PathFilter.class, filter);
        boolean fuse = mirror.countsDeletions();
        long window = (fuse && mirror.window().compareTo(LEAST_WITH_A_FUSE) < 0 ? LEAST_WITH_A_FUSE : mirror.window()).toMillis();
        Map<String, Object> watch = new HashMap<>(Map.of("mirror", name,
                "source", URLEncoder.encode(mirror.source().toString(), StandardCharsets.UTF_8)
                        .replace("+", "%20").replace("%2F", "/"),
                "by", mirror.watch().name().toLowerCase(Locale.ROOT),
                "hard-links", hardLinks(mirror).name(),
                "behind-links", mirror.copiesBehindLinks(),
                "cookies", stateDir.resolve("cookie").resolve(name).toString()));
        watch.putAll(Map.of(
                "window", window,
                "settle", fuse ? TimeUnit.MILLISECONDS.toMicros(window) : SETTLE_MICROS,
                "max-delay", mirror.maxDelay().toMillis(),
                "poll", mirror.poll().toMillis()));
        routes.add("watch-" + name, "watch", watch);
        routes.add("window-" + name, "window", Map.of("mirror", name));
    }

    private static HardLinkMode hardLinks(Mirror mirror) {
        return mirror.joinsHardLinks() ? HardLinkMode.JOIN : mirror.followsHardLinks() ? HardLinkMode.FOLLOW : HardLinkMode.IGNORE;
    }

    private void agent(RouteTemplateInstances routes, Mirror mirror) throws IOException {
        Target target = mirror.targets().get(0);
        if (!Files.isDirectory(mirror.source()) && !SourceGuard.isRemembered(stateDir, mirror.name(), mirror.source())) {
            try {
                Files.createDirectory(mirror.source());
            } catch (IOException e) {
                throw new IOException("mirror." + target.mirror() + ".target." + target.name() + ".url = " + mirror.source()
                        + ": this folder can't be made (" + e + "); make the one above it, give " + System.getProperty("user.name")
                        + " the right to write there, or name another", e);
            }
        }
        KafkaBeans.bind(routes, mirror, backlogs.get(target.id()), deadLetters, stateDir, () -> views == null ? null : views.report(target));
        routes.add("agent-" + mirror.name(), "agent", Map.of("mirror", mirror.name(), "topic", mirror.subscribe()));
        routes.add("agent-start-" + mirror.name(), "agent-start", Map.of("mirror", mirror.name()));
    }

    @Override
    public Set<String> routeIds() {
        return made.values().stream().flatMap(routes -> routes.ids().stream()).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @Override
    public Map<String, Object> parameters(String routeId) {
        return made.values().stream().map(routes -> routes.parameters(routeId)).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** {@return the templates of routes that have to be made, but that no route file defines} */
    public Set<String> missingTemplates() {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        return made.values().stream().flatMap(RouteTemplateInstances::templates)
                .filter(template -> model.getRouteTemplateDefinition(template) == null)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Adds the metrics of the mirrors and the health of the state folder to Camel's own, if these are wanted. */
    public void bindHealthAndMetrics() {
        HealthCheckRegistry checks = HealthCheckRegistry.get(context);
        if (checks != null && configured) {
            checks.register(new FaultHealthCheck("state", deadLetters::fault));
            if (pair != null) {
                checks.register(new FaultHealthCheck("pair", () -> pair.role().fault()));
            }
            views.bindTo(checks);
        }
        MeterRegistry meters = context.getRegistry().findSingleByType(MeterRegistry.class);
        if (meters != null && configured) {
            views.bindTo(meters);
        }
    }

    /**
     * Compares the whole tree at the start, whatever the configuration says, and takes part in no pair. Call it before {@link #configure}.
     */
    public void alone() {
        alone = true;
    }

    /** Lets a first run delete anything without asking. Call it before {@link #configure}. */
    public void allowFirstDeletions() {
        firstDeletionsAllowed = true;
    }

    /**
     * Joins the pair, if one is configured, once. Call it when all beans are bound, and before a route starts.
     *
     * @throws ConfigurationException if the configured cluster service does not exist
     */
    public void joinPair() throws ConfigurationException {
        if (pair != null) {
            pair.join();
        }
    }

    /** Returns the pending changes of the targets. */
    public Collection<Backlog> backlogs() {
        return backlogs == null ? List.of() : backlogs.all().values();
    }

    /** Returns what waits on disk for the targets. */
    public List<DeadLetterHeader> waiting(Backlog backlog) {
        return deadLetters.waiting(backlog.id());
    }

    /** Saves what is still pending when the routes have ended, and releases the state folder. */
    public void putAway() {
        if (backlogs != null) {
            backlogs.keepAll();
        }
        if (views != null) {
            views.putAway();
        }
        if (transferLog != null) {
            transferLog.close();
        }
        try {
            if (lock != null) {
                // ssh's shared connections outlive the runs that they were made for
                OrphanedProcesses.end(stateDir, controls);
                lock.close();
                Files.deleteIfExists(controls);
            }
        } catch (IOException e) {
            LOG.warn("The state folder could not be released: {}", e.toString());
        }
    }
}
