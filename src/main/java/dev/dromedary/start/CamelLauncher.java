package dev.dromedary.start;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.dromedary.check.CheckRunner;
import dev.dromedary.cli.TerminalProgressBar;
import dev.dromedary.config.ConfigFault;
import dev.dromedary.config.ConfigPropertiesSource;
import dev.dromedary.config.ConfigWritableByOthersCheck;
import dev.dromedary.config.ConfigurationException;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.hook.HookEndpointCheck;
import dev.dromedary.http.HttpExposureCheck;
import dev.dromedary.routes.ConfigCheck;
import dev.dromedary.routes.ConfigReload;
import dev.dromedary.routes.MirrorRoutes;
import dev.dromedary.routes.SighupHandler;
import dev.dromedary.topic.TopicInspector;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.CliConnectorFactory;
import org.apache.camel.util.ObjectHelper;
import org.apache.camel.util.StringHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Starts Camel with the configuration, and reports why if it can't be started. */
public final class CamelLauncher {

    /** An action that needs the configuration, but not the mirrors. */
    @FunctionalInterface
    public interface WithSettings {
        public int run(Settings settings) throws IOException, InterruptedException;
    }

    private static final class Checked extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(Exception cause) {
            super(cause);
        }
    }

    // created at once, so that there is a log even if the first line is written while the program ends
    private static final Logger LOG = LoggerFactory.getLogger(CamelLauncher.class);
    private static final int STOP_WITHIN_SECONDS = 6;
    private static final int DEFAULT_PORT = 8080;
    private static final int PORTS_TRIED = 100;
    private static final int HIGHEST_PORT = 65_535;
    // one by one: with a pattern, Camel would search the whole jar, twice
    public static final String IN_THE_JAR = Stream.of("watch", "window", "sync", "ready", "ask", "apart", "order", "release", "heal", "dead-letter", "reconcile", "hook",
            "publish", "agent", "leader", "reload", "status")
            .map(name -> "classpath:routes/" + name + ".camel.yaml").collect(Collectors.joining(","));
    private static final String KAFKA = "camel.component.kafka.";
    // by name, because the classes may be missing
    private static final String KAFKA_FAILURE = "org.apache.kafka.";
    private static final String ROUTES = "routes";
    private static final String ROUTE_FILES = "*.camel.yaml";
    // the key that Camel's other runtimes use
    private static final String CLI = "camel.cli.enabled";

    private final Path config;
    private final Properties values;
    private final List<String> places;
    private final PrintWriter out;
    private final PrintWriter err;
    private boolean yes;

    /**
     * @param config the configuration; null for none
     * @param values the content of the configuration
     * @param places SOURCE TARGET...; empty to use those of the configuration
     */
    public CamelLauncher(Path config, Properties values, List<String> places, PrintWriter out, PrintWriter err) {
        this.config = config;
        this.values = values;
        this.places = places;
        this.out = out;
        this.err = err;
    }

    /** Lets a first run delete anything without asking. */
    public CamelLauncher yes(boolean said) {
        yes = said;
        return this;
    }

    /** Runs the mirrors until they are stopped, and returns the exit code. */
    public int run() {
        return run(false);
    }

    /** Does the same as {@link #run()}, but requires that a mirror subscribes to a topic. */
    public int agent() {
        return run(true);
    }

    private int run(boolean agent) {
        Main main = camel();
        main.addMainListener(new Configuring(agent));
        SighupHandler.on(() -> reload(main));
        LOG.debug("Starting");
        try {
            main.run();
            return main.getExitCode();
        } catch (Exception e) {
            return explain(e);
        }
    }

    private static void reload(Main main) {
        CamelContext context = main.getCamelContext();
        ConfigReload reload = context == null ? null : context.getRegistry().lookupByNameAndType("reload", ConfigReload.class);
        if (reload == null) {
            LOG.info("SIGHUP: it is starting, and takes in what the configuration says by now");
        } else {
            reload.hungUp();
        }
    }

    /** Runs the mirrors until all targets are in line, or can't be. */
    public int once() {
        Main main = camel();
        main.addOverrideProperty("camel.server.enabled", "false");
        main.addOverrideProperty("camel.management.enabled", "false");
        main.addOverrideProperty("camel.metrics.enabled", "false");
        main.configure().setRouteFilterExcludePattern("status-*");
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport starting) {
                mirrors(starting).alone();
            }
        });
        main.addMainListener(new Configuring(false));
        try {
            OneTimeSync once = new OneTimeSync(TerminalProgressBar.is() ? err : null);
            List<String> failures = once.run(main);
            once.results().forEach(out::println);
            out.flush();
            failures.forEach(failure -> err.println("dromedary: not in line: " + failure));
            return failures.isEmpty() ? main.getExitCode() : CommandLine.ExitCode.SOFTWARE;
        } catch (Exception e) {
            return explain(e);
        }
    }

    /** Checks and reports all that can be known before a start. */
    public int check() {
        Map<String, String> kafka = new HashMap<>();
        return with(context -> kafka(context).forEach(kafka::put), settings -> new CheckRunner(out, kafka).run(settings)
                ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE);
    }

    /** Creates the topics of a configuration that the broker does not have, and returns an exit code. */
    public int createTopics() {
        Map<String, String> kafka = new HashMap<>();
        return with(context -> kafka(context).forEach(kafka::put), settings -> new CheckRunner(out, kafka).createTopics(settings)
                ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE);
    }

    // the options for all topics, in either spelling
    private static Map<String, String> kafka(CamelContext context) {
        return context.getPropertiesComponent().loadProperties(key -> key.startsWith(KAFKA)).stringPropertyNames().stream()
                .collect(Collectors.toMap(key -> StringHelper.dashToCamelCase(key.substring(KAFKA.length())),
                        key -> context.resolvePropertyPlaceholders("{{" + key + "}}")));
    }

    /** Only reads the configuration: another process may be running with it. */
    public int with(WithSettings what) {
        return with(context -> { }, what);
    }

    private int with(Consumer<CamelContext> before, WithSettings what) {
        Main main = camel();
        Settings[] read = new Settings[1];
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport starting) {
                try {
                    read[0] = ConfigCheck.read(starting.getCamelContext(), mirrors(starting), values);
                    HttpExposureCheck.checkQuietly(starting.getCamelContext());
                    checkFiles(starting.getCamelContext());
                    before.accept(starting.getCamelContext());
                } catch (ConfigurationException e) {
                    throw new Refused(e);
                }
                throw new Checked();
            }
        });
        try {
            main.init();
        } catch (Checked e) {
            LOG.debug("The configuration is read");
        } catch (Exception e) {
            return explain(e);
        } finally {
            main.shutdown();
        }
        try {
            int exit = what.run(read[0]);
            out.flush();
            return exit;
        } catch (Exception e) {
            return explain(e instanceof IOException ? new Refused(e) : e);
        }
    }

    private Main camel() {
        Main main = new Main() {
            @Override
            protected void configurePropertiesService(CamelContext context) throws Exception {
                super.configurePropertiesService(context);
                ConfigPropertiesSource source = new ConfigPropertiesSource(config, values);
                context.getPropertiesComponent().addPropertiesSource(source);
                context.getRegistry().bind("configSource", source);
            }

            @Override
            protected void modelineRoutes(CamelContext context) {
                // would read all route files once more, for a feature that only the Camel CLI uses
            }
        };
        // small, for a page that few people look at
        main.bind("vertxOptions", new VertxOptions().setEventLoopPoolSize(1)
                .setBlockedThreadCheckInterval(1).setBlockedThreadCheckIntervalUnit(TimeUnit.HOURS)
                // caching would need a folder of its own in /tmp, which a kill would leave there
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false)));
        main.setPropertyPlaceholderLocations("false");
        main.configure().setRoutesIncludePattern(routes());
        // defaults: the configuration overrides each of them
        main.addInitialProperty("camel.main.name", "dromedary");
        main.addInitialProperty("camel.main.shutdownTimeout", String.valueOf(STOP_WITHIN_SECONDS));
        main.addInitialProperty("camel.main.startupSummaryLevel", "Off");
        main.addInitialProperty("camel.main.useMdcLogging", "false");
        main.addInitialProperty("camel.main.routesReloadDirectory", ROUTES);
        main.addInitialProperty("camel.main.routesReloadPattern", ROUTE_FILES);
        // used by "camel ps" and the like: it takes time at each start, and half a processor all the time
        main.addInitialProperty("camel.main.jmxEnabled", "{{" + CLI + "}}");
        main.addInitialProperty(CLI, "false");
        main.addInitialProperty("camel.server.enabled", "true");
        main.addInitialProperty("camel.server.host", "127.0.0.1");
        main.addInitialProperty("camel.server.port", String.valueOf(DEFAULT_PORT));
        main.addInitialProperty("camel.server.fileUploadEnabled", "false");
        // Camel's own default is camel.server.path, relative to camel.server.path
        main.addInitialProperty("camel.server.authenticationPath", "/*");
        main.addInitialProperty("camel.management.enabled", "true");
        main.addInitialProperty("camel.management.host", "{{camel.server.host}}");
        main.addInitialProperty("camel.management.port", "{{camel.server.port}}");
        main.addInitialProperty("camel.management.authenticationPath", "/*");
        main.addInitialProperty("camel.management.healthCheckEnabled", "true");
        // each route has a check already
        main.addInitialProperty("camel.health.consumersEnabled", "false");
        main.addInitialProperty("camel.management.metricsEnabled", "true");
        main.addInitialProperty("camel.metrics.enabled", "true");
        main.addInitialProperty("camel.metrics.path", "/observe/metrics");
        // Camel's own metrics for each route cost more than the run that they measure
        main.addInitialProperty("camel.metrics.enableRoutePolicy", "false");
        main.addInitialProperty("camel.metrics.enableExchangeEventNotifier", "false");
        main.addInitialProperty("camel.metrics.enableRouteEventNotifier", "false");
        main.addInitialProperty("camel.component.quartz.properties[org.quartz.threadPool.class]", QuartzOnDemandThreadPool.class.getName());
        for (int i = 0; i < places.size(); i++) {
            main.addOverrideProperty(i == 0 ? "mirror.cli.source" : "mirror.cli.target." + i + ".url", places.get(i));
        }
        return main;
    }

    private static MirrorRoutes mirrors(BaseMainSupport main) {
        return main.getCamelContext().getRegistry().lookupByNameAndType("mirrors", MirrorRoutes.class);
    }

    private static void needPulled(Settings settings) throws ConfigurationException {
        if (settings.mirrors().stream().noneMatch(Mirror::isPulled)) {
            throw new ConfigurationException(List.of(new ConfigFault("mirror.<mirror>.subscribe", null,
                    "no mirror subscribes to a topic, so an agent has nothing to do",
                    "name one, such as kafka:dromedary-www?brokers=kafka1:9092&groupId=web7")));
        }
    }

    private final class Configuring extends MainListenerSupport {

        private final boolean agent;

        /** @param agent whether there has to be a mirror that follows a topic */
        Configuring(boolean agent) {
            this.agent = agent;
        }

        @Override
        public void beforeInitialize(BaseMainSupport starting) {
            // before the first port is opened: a refused configuration starts nothing
            try {
                CamelContext context = starting.getCamelContext();
                checkFiles(context);
                context.getCamelContextExtension().getContextPlugin(CliConnectorFactory.class)
                        .setEnabled(isSet(context, CLI));
                if (yes) {
                    mirrors(starting).allowFirstDeletions();
                }
                Settings settings = ConfigCheck.read(context, mirrors(starting), values);
                if (agent) {
                    needPulled(settings);
                }
                HookEndpointCheck.missingPrograms(settings).forEach(fault -> LOG.warn("{}", fault));
                mirrors(starting).configure(settings);
                if (isSet(context, "camel.server.enabled")) {
                    checkPort(context);
                }
            } catch (ConfigurationException | IOException e) {
                throw new Refused(e);
            }
        }

        @Override
        public void afterStart(BaseMainSupport started) {
            CamelContext context = started.getCamelContext();
            if (isSet(context, "camel.server.enabled")) {
                String host = context.resolvePropertyPlaceholders("{{camel.server.host}}");
                LOG.info("The status page is at http://{}:{}{}", host.equals("0.0.0.0") ? "127.0.0.1" : host,
                        context.resolvePropertyPlaceholders("{{camel.server.port}}"),
                        ('/' + context.resolvePropertyPlaceholders("{{camel.server.path:}}") + '/').replaceAll("/+", "/"));
            }
        }

        @Override
        public void afterConfigure(BaseMainSupport configured) {
            Set<String> missing = mirrors(configured).missingTemplates();
            if (!missing.isEmpty()) {
                throw new Refused(new IOException("the route files in ./routes, which are read in place of those in the jar, have no"
                        + " routeTemplate with the id " + String.join(", ", missing) + "; put the jar's own beside them, such as with:"
                        + " unzip -n " + jar() + " 'routes/*'"));
            }
            try {
                mirrors(configured).joinPair();
            } catch (ConfigurationException e) {
                throw new Refused(e);
            }
        }
    }

    private static String jar() {
        return Path.of("").toUri().relativize(URI.create(
                CamelLauncher.class.getProtectionDomain().getCodeSource().getLocation().toString())).getPath();
    }

    // Camel knows keys in either spelling
    private void checkFiles(CamelContext context) throws ConfigurationException {
        ConfigWritableByOthersCheck.check(config, context.resolvePropertyPlaceholders(
                "{{camel.main.routesIncludePattern:{{camel.main.routes-include-pattern:" + routes() + "}}}}"));
    }

    private static boolean isSet(CamelContext context, String key) {
        return Boolean.parseBoolean(context.resolvePropertyPlaceholders("{{" + key + ":false}}"));
    }

    // Camel's server would wait for ever for a port that is not available
    private static void checkPort(CamelContext context) throws IOException {
        String host = context.resolvePropertyPlaceholders("{{camel.server.host}}");
        String port = context.resolvePropertyPlaceholders("{{camel.server.port}}");
        try {
            bind(host, Integer.parseInt(port));
        } catch (IOException | IllegalArgumentException e) {
            String free = nextFree(host, port).map(String::valueOf).orElse("PORT");
            throw new IOException("camel.server.port = " + port + ": this port can't be had on camel.server.host = "
                    + host + " (" + e.getMessage() + "); set camel.server.port to a free one in the configuration, or start with"
                    + " -Dcamel.server.port=" + free, e);
        }
    }

    private static void bind(String host, int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        }
    }

    private static Optional<Integer> nextFree(String host, String taken) {
        int from = taken.matches("[0-9]{1,5}") ? Integer.parseInt(taken) : DEFAULT_PORT;
        return IntStream.rangeClosed(from + 1, Math.min(from + PORTS_TRIED, HIGHEST_PORT)).boxed().filter(port -> {
            try {
                bind(host, port);
                return true;
            } catch (IOException | IllegalArgumentException e) {
                return false;
            }
        }).findFirst();
    }

    /** Returns the user's own route files, if there are any, otherwise those in the jar. */
    private static String routes() {
        try (Stream<Path> files = Files.list(Path.of(ROUTES))) {
            if (files.anyMatch(file -> file.toString().endsWith(".camel.yaml"))) {
                return "file:" + ROUTES + '/' + ROUTE_FILES;
            }
        } catch (IOException e) {
            // no such folder, which is the usual case
            return IN_THE_JAR;
        }
        return IN_THE_JAR;
    }

    private int explain(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigurationException refused) {
                refused.faults().forEach(fault -> err.println("dromedary: " + fault));
                return CommandLine.ExitCode.USAGE;
            }
            if (cause instanceof PropertyBindingException unbound && unbound.getOptionPrefix() != null) {
                err.println("dromedary: " + notTaken(unbound));
                return CommandLine.ExitCode.USAGE;
            }
            if (cause instanceof Refused && cause.getCause() instanceof IOException) {
                err.println("dromedary: " + cause.getCause().getMessage());
                return CommandLine.ExitCode.SOFTWARE;
            }
            if (cause.getClass().getName().startsWith(KAFKA_FAILURE)) {
                err.println("dromedary: it could not be started: " + TopicInspector.cause(cause));
                return CommandLine.ExitCode.SOFTWARE;
            }
        }
        err.println("dromedary: it could not be started: " + failure.getMessage());
        if (failure instanceof FailedToCreateRouteException) {
            // the fault is in a route file, and the message names the route and the step
            if (ObjectHelper.getException(NoSuchEndpointException.class, failure) != null) {
                err.println("dromedary: docs/recipes/README.md says how to add a component of Camel to those of the jar");
            }
        } else {
            failure.printStackTrace(err);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    // only Camel knows the keys of components
    private static ConfigFault notTaken(PropertyBindingException unbound) {
        return new ConfigFault(unbound.getOptionPrefix().replaceFirst("\\.$", "") + '.' + unbound.getOptionKey(),
                String.valueOf(unbound.getValue()), unbound.getCause() == null ? "Camel has no such key" : "Camel can't take this value",
                "look into its documentation");
    }
}
