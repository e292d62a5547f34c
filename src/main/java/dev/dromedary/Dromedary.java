package dev.dromedary;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import dev.dromedary.config.ConfigurationException;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.rsync.Comparison;
import dev.dromedary.rsync.RsyncVersion;
import dev.dromedary.sersync.ImportSersync;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program: reads the command line and runs Camel. */
@Command(name = "dromedary", mixinStandardHelpOptions = true, versionProvider = Dromedary.Version.class,
        subcommands = ImportSersync.class, sortOptions = false, usageHelpAutoWidth = true,
        header = "Keeps folders the same on other machines and disks, live.%n",
        description = "%nMirrors SOURCE to each TARGET until it is stopped. Without SOURCE, mirrors what the"
                + " configuration file says.%n",
        footer = {"", "Targets:", "  rsync://[user@]host[:port]/module/path, user@host::module/path,",
            "  ssh://[user@]host[:port]/path, user@host:/path, /local/path", "",
            "Examples:", "  dromedary /data/www rsync://web2/www /backup/www",
            "  dromedary --config /etc/dromedary/application.properties",
            "  dromedary once /data/www rsync://web2/www",
            "  dromedary verify --config /etc/dromedary/application.properties",
            "  dromedary import-sersync confxml.xml > config/application.properties", "",
            "Exit codes: 0 stopped, 1 could not run, 2 the configuration is refused, 143 ended by a signal"})
public final class Dromedary implements Callable<Integer> {

    // made at once, so that there is a log even if the first line is written while the program ends
    private static final Logger LOG = LoggerFactory.getLogger(Dromedary.class);
    private static final Path DEFAULT_CONFIG = Path.of("config/application.properties");
    private static final int STOP_WITHIN_SECONDS = 6;
    private static final String PLACES = "A folder, and where to mirror it to.";
    private static final String CONFIG = "The configuration; the default is ./config/application.properties. With SOURCE TARGET"
            + " it gives everything else.";

    @Parameters(paramLabel = "SOURCE TARGET", arity = "0..*", description = PLACES)
    private List<String> places = List.of();

    @Option(names = "--config", paramLabel = "FILE", description = CONFIG)
    private Path config;

    @Spec
    private CommandSpec spec;

    /** Starts the program; ends the JVM with one of the exit codes of {@code --help}. */
    public static void main(String[] arguments) {
        // Netty, below Camel's HTTP server, would use a part of Java that is going away, and Java would warn of it
        System.setProperty("io.netty.noUnsafe", System.getProperty("io.netty.noUnsafe", "true"));
        int exit = new CommandLine(new Dromedary()).execute(arguments);
        if (exit != 0) {
            System.exit(exit);
        }
    }

    @Override
    public Integer call() throws Exception {
        Main main = camel();
        main.addMainListener(new Configuring());
        LOG.debug("Starting");
        try {
            main.run();
            return main.getExitCode();
        } catch (Exception e) {
            return explain(e);
        }
    }

    /** Checks the configuration and says what is wrong with it; starts nothing. */
    @Command(name = "check", mixinStandardHelpOptions = true, description = "Checks the configuration, starts nothing.")
    int check(@Option(names = "--config", paramLabel = "FILE",
            description = "The configuration; the default is ./config/application.properties.") Path file) {
        config = file;
        return withSettings(settings -> {
            out().println("The configuration is right.");
            return 0;
        });
    }

    /** Brings all targets in line, and ends. */
    @Command(name = "once", mixinStandardHelpOptions = true, description = "Brings all targets in line, and ends.",
            exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:all targets are in line", "1:some are not, the reasons"
                    + " are said", "2:the configuration is refused"})
    int once(@Parameters(paramLabel = "SOURCE TARGET", arity = "0..*", description = PLACES) List<String> sourceAndTargets,
            @Option(names = "--config", paramLabel = "FILE", description = CONFIG) Path file,
            @Option(names = "--dry-run", description = "Only says what would be sent and deleted.") boolean dry) {
        places = sourceAndTargets == null ? List.of() : sourceAndTargets;
        config = file;
        if (dry) {
            return compare(false, false);
        }
        Main main = camel();
        main.addOverrideProperty("camel.server.enabled", "false");
        main.addOverrideProperty("camel.management.enabled", "false");
        main.addOverrideProperty("camel.metrics.enabled", "false");
        main.configure().setRouteFilterExcludePattern("status-*");
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport starting) {
                starting.getCamelContext().getRegistry().lookupByNameAndType("mirrors", Mirrors.class).reconcileAlways();
            }
        });
        main.addMainListener(new Configuring());
        try {
            List<String> failures = new Once().run(main);
            failures.forEach(failure -> err().println("dromedary: not in line: " + failure));
            return failures.isEmpty() ? main.getExitCode() : CommandLine.ExitCode.SOFTWARE;
        } catch (Exception e) {
            return explain(e);
        }
    }

    /** Compares all targets with their sources by content. */
    @Command(name = "verify", mixinStandardHelpOptions = true,
            description = "Compares all targets with their sources by checksum, lists differences and changes nothing.",
            exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:all targets are the same as their sources", "1:some are"
                    + " not, or could not be compared", "2:the configuration is refused"})
    int verify(@Parameters(paramLabel = "SOURCE TARGET", arity = "0..*", description = PLACES) List<String> sourceAndTargets,
            @Option(names = "--config", paramLabel = "FILE", description = CONFIG) Path file) {
        places = sourceAndTargets == null ? List.of() : sourceAndTargets;
        config = file;
        return compare(true, true);
    }

    private int compare(boolean checksums, boolean differencesFail) {
        return withSettings(settings -> {
            RsyncVersion rsync = RsyncVersion.probe();
            boolean fine = true;
            for (Mirror mirror : settings.mirrors()) {
                for (Target target : mirror.targets()) {
                    out().println(target.id() + ":");
                    Comparison.Result result = new Comparison(out()).compare(mirror.source(), target, rsync, checksums);
                    out().println(result.failure() == null ? target.id() + ": " + result.differing() + " differ, "
                            + result.deleted() + " are only at the target"
                            : target.id() + ": could not be compared: " + result.failure());
                    fine &= result.failure() == null && (result.isSame() || !differencesFail);
                }
            }
            return fine ? 0 : CommandLine.ExitCode.SOFTWARE;
        });
    }

    @FunctionalInterface
    private interface WithSettings {
        int run(Settings settings) throws IOException, InterruptedException;
    }

    // as far as the configuration is read, and no further: another process may be running with it
    private int withSettings(WithSettings what) {
        Main main = camel();
        Settings[] read = new Settings[1];
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport starting) {
                try {
                    read[0] = starting.getCamelContext().getRegistry().lookupByNameAndType("mirrors", Mirrors.class).settings();
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
            out().flush();
            return exit;
        } catch (Exception e) {
            return explain(e instanceof IOException ? new Refused(e) : e);
        }
    }

    private static final class Checked extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private Main camel() {
        Main main = new Main() {
            @Override
            protected void configurePropertiesService(CamelContext context) throws Exception {
                // else a properties file is read as Latin-1
                context.getPropertiesComponent().setEncoding("UTF-8");
                super.configurePropertiesService(context);
            }
        };
        main.setPropertyPlaceholderLocations(configuration());
        main.configure().setRoutesIncludePattern(routes());
        // defaults: the configuration wins over each of them
        main.addInitialProperty("camel.main.name", "dromedary");
        main.addInitialProperty("camel.main.shutdownTimeout", String.valueOf(STOP_WITHIN_SECONDS));
        main.addInitialProperty("camel.main.startupSummaryLevel", "Off");
        main.addInitialProperty("camel.main.useMdcLogging", "false");
        main.addInitialProperty("camel.server.enabled", "true");
        main.addInitialProperty("camel.server.host", "127.0.0.1");
        main.addInitialProperty("camel.server.port", "8080");
        main.addInitialProperty("camel.server.fileUploadEnabled", "false");
        main.addInitialProperty("camel.management.enabled", "true");
        main.addInitialProperty("camel.management.host", "{{camel.server.host}}");
        main.addInitialProperty("camel.management.port", "{{camel.server.port}}");
        main.addInitialProperty("camel.management.healthCheckEnabled", "true");
        main.addInitialProperty("camel.management.metricsEnabled", "true");
        main.addInitialProperty("camel.metrics.enabled", "true");
        main.addInitialProperty("camel.metrics.path", "/observe/metrics");
        for (int i = 0; i < places.size(); i++) {
            main.addOverrideProperty(i == 0 ? "mirror.cli.source" : "mirror.cli.target." + i + ".url", places.get(i));
        }
        return main;
    }

    private static final class Configuring extends MainListenerSupport {
        @Override
        public void beforeInitialize(BaseMainSupport starting) {
            // before the first port is opened: a configuration that is refused starts nothing
            try {
                CamelContext context = starting.getCamelContext();
                context.getRegistry().lookupByNameAndType("mirrors", Mirrors.class).configure();
                if (Boolean.parseBoolean(context.resolvePropertyPlaceholders("{{camel.server.enabled}}"))) {
                    checkPort(context);
                }
            } catch (ConfigurationException | IOException e) {
                throw new Refused(e);
            }
        }
    }

    // Camel's server would wait for ever for a port that it can't have
    private static void checkPort(CamelContext context) throws IOException {
        String host = context.resolvePropertyPlaceholders("{{camel.server.host}}");
        String port = context.resolvePropertyPlaceholders("{{camel.server.port}}");
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, Integer.parseInt(port)));
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException("camel.server.port = " + port + ": this port can't be had on camel.server.host = "
                    + host + " (" + e.getMessage() + "); set camel.server.port to a free one, in the configuration or"
                    + " with java -Dcamel.server.port=8081 -jar ...", e);
        }
    }

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(Exception cause) {
            super(cause);
        }
    }

    private String configuration() {
        if (config == null && !places.isEmpty()) {
            return "false";
        }
        Path file = config == null ? DEFAULT_CONFIG : config;
        if (!Files.isReadable(file)) {
            throw new ParameterException(spec.commandLine(), config == null
                    ? "There is no " + DEFAULT_CONFIG + " here: name a SOURCE and a TARGET, or a --config FILE"
                    : "--config " + file + ": there is no such file, or it may not be read");
        }
        return "file:" + file;
    }

    /** The user's own route files, if there are any, else those in the jar. */
    private static String routes() {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            if (files.anyMatch(file -> file.toString().endsWith(".camel.yaml"))) {
                return "file:routes/*.camel.yaml";
            }
        } catch (IOException e) {
            // no such folder: the ordinary case
            return "classpath:routes/*.camel.yaml";
        }
        return "classpath:routes/*.camel.yaml";
    }

    private int explain(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigurationException refused) {
                refused.faults().forEach(fault -> err().println("dromedary: " + fault));
                return CommandLine.ExitCode.USAGE;
            }
            if (cause instanceof Refused && cause.getCause() instanceof IOException) {
                err().println("dromedary: " + cause.getCause().getMessage());
                return CommandLine.ExitCode.SOFTWARE;
            }
        }
        err().println("dromedary: it could not be started: " + failure.getMessage());
        failure.printStackTrace(err());
        return CommandLine.ExitCode.SOFTWARE;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Dromedary.class.getPackage().getImplementationVersion();
            return new String[] {"dromedary " + (version == null ? "(unpackaged)" : version)};
        }
    }
}
