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
        sortOptions = false, usageHelpAutoWidth = true,
        header = "Keeps folders the same on other machines and disks, live.%n",
        description = "%nMirrors SOURCE to each TARGET until it is stopped. Without SOURCE, mirrors what the"
                + " configuration file says.%n",
        footer = {"", "Targets:", "  rsync://[user@]host[:port]/module/path, user@host::module/path,",
            "  ssh://[user@]host[:port]/path, user@host:/path, /local/path", "",
            "Examples:", "  dromedary /data/www rsync://web2/www /backup/www",
            "  dromedary --config /etc/dromedary/application.properties", "",
            "Exit codes: 0 stopped, 1 could not run, 2 the configuration is refused, 143 ended by a signal"})
public final class Dromedary implements Callable<Integer> {

    // made at once, so that there is a log even if the first line is written while the program ends
    private static final Logger LOG = LoggerFactory.getLogger(Dromedary.class);
    private static final Path DEFAULT_CONFIG = Path.of("config/application.properties");
    private static final int STOP_WITHIN_SECONDS = 6;

    @Parameters(paramLabel = "SOURCE TARGET...", arity = "0..*", description = "A folder, and where to mirror it to.")
    private List<String> places = List.of();

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration; the default is"
            + " ./config/application.properties. With SOURCE TARGET it gives everything else.")
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
        Main main = camel();
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport starting) {
                throw new Checked();
            }
        });
        try {
            main.init();
        } catch (Checked e) {
            out().println("The configuration is right.");
            return 0;
        } catch (Exception e) {
            return explain(e);
        } finally {
            main.shutdown();
        }
        return 0;
    }

    private static final class Checked extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private Main camel() {
        Main main = new Main();
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
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport starting) {
                // before the first port is opened: a configuration that is refused starts nothing
                try {
                    CamelContext context = starting.getCamelContext();
                    context.getRegistry().lookupByNameAndType("mirrors", Mirrors.class).configure();
                    checkPort(context);
                } catch (ConfigurationException | IOException e) {
                    throw new Refused(e);
                }
            }
        });
        return main;
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
