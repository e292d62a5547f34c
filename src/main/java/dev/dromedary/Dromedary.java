package dev.dromedary;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;

import dev.dromedary.check.Checks;
import dev.dromedary.cli.ApproveCommand;
import dev.dromedary.cli.DiscardCommand;
import dev.dromedary.cli.LettersCommand;
import dev.dromedary.cli.PendingCommand;
import dev.dromedary.cli.StatusCommand;
import dev.dromedary.cli.SteerCommands;
import dev.dromedary.config.ConfigFile;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.PlainConfig;
import dev.dromedary.config.Target;
import dev.dromedary.log.LogSetup;
import dev.dromedary.log.OneLine;
import dev.dromedary.log.RedactedStream;
import dev.dromedary.rsync.Comparison;
import dev.dromedary.rsync.RsyncVersion;
import dev.dromedary.sersync.ImportSersync;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program: reads the command line. */
@Command(name = "dromedary", mixinStandardHelpOptions = true, versionProvider = Dromedary.Version.class,
        subcommands = {StatusCommand.class, SteerCommands.Replay.class, SteerCommands.Pause.class, SteerCommands.Resume.class,
            SteerCommands.Reconcile.class, PendingCommand.class, ApproveCommand.class, LettersCommand.class, DiscardCommand.class, ImportSersync.class,
            AutoComplete.GenerateCompletion.class},
        sortOptions = false, usageHelpAutoWidth = true,
        header = "Keeps folders the same on other machines and disks, live.%n",
        description = "%nMirrors SOURCE to each TARGET until it is stopped. Without SOURCE, mirrors what the"
                + " configuration file says.%n",
        commandListHeading = "%nCommands:%n",
        footer = {"", "Targets:", "  rsync://[user@]host[:port]/module/path, user@host::module/path,",
            "  ssh://[user@]host[:port]/path, user@host:/path, /local/path", "",
            "Examples:", "  dromedary /data/www rsync://web2/www /backup/www",
            "  dromedary --config /etc/dromedary/application.properties",
            "  dromedary check --config /etc/dromedary/application.properties",
            "  dromedary status --watch",
            "  dromedary pause www/backup",
            "  dromedary once /data/www rsync://web2/www",
            "  dromedary import-sersync confxml.xml > config/application.properties",
            "  source <(dromedary generate-completion)", "",
            "Exit codes: 0 stopped, 1 could not run, 2 the configuration or an argument is refused, 143 ended by a signal"})
public final class Dromedary implements Callable<Integer> {

    private static final String LAUNCH = "jdk.lang.Process.launchMechanism";
    private static final Path DEFAULT_CONFIG = Path.of("config/application.properties");
    private static final String PLACES = "A folder, and where to mirror it to.";
    private static final String YES = "A first run at a target may delete more there than it brings, or all of it.";
    private static final String CONFIG = "The configuration; the default is ./config/application.properties. With SOURCE TARGET"
            + " it gives everything else.";

    @Parameters(paramLabel = "SOURCE TARGET", arity = "0..*", description = PLACES)
    private List<String> places = List.of();

    @Option(names = "--config", paramLabel = "FILE", description = CONFIG)
    private Path config;

    @Option(names = "--yes", description = YES)
    private boolean yes;

    @Spec
    private CommandSpec spec;

    /** Starts the program; ends the JVM with one of the exit codes of {@code --help}. */
    public static void main(String[] arguments) {
        RedactedStream.install();
        // Netty, below Camel's HTTP server, would use a part of Java that is going away, and Java would warn of it
        System.setProperty("io.netty.noUnsafe", System.getProperty("io.netty.noUnsafe", "true"));
        startsWithoutHelper();
        CommandLine command = new CommandLine(new Dromedary());
        CommandLine.IParameterExceptionHandler usual = command.getParameterExceptionHandler();
        command.setParameterExceptionHandler((refused, all) -> {
            if (refused.getCause() instanceof IOException) {
                // how to call it is no answer to what is wrong in a file
                refused.getCommandLine().getErr().println("dromedary: " + refused.getMessage());
                return CommandLine.ExitCode.USAGE;
            }
            return usual.handleParseException(refused, all);
        });
        int exit = command.execute(arguments);
        System.out.flush();
        System.err.flush();
        if (exit != 0) {
            System.exit(exit);
        }
    }

    // Java's own helper (lib/jspawnhelper) is gone when Java is upgraded under the running program, and then no rsync could be started
    // any more; without it there is none to be gone. From Java 26 on that way is on its way out
    private static void startsWithoutHelper() {
        if (Runtime.version().feature() < 26 && System.getProperty("os.name").equals("Linux")) {
            System.setProperty(LAUNCH, System.getProperty(LAUNCH, "VFORK"));
        }
    }

    @Override
    public Integer call() {
        return launch(config, places).yes(yes).run();
    }

    /** Pulls what others publish. */
    @Command(name = "agent", mixinStandardHelpOptions = true, description = "Follows a topic, and pulls from the source of a"
            + " mirror what changes there, until it is stopped. The configuration says which: mirror.<mirror>.subscribe.",
            exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:stopped", "1:could not run", "2:the configuration is refused",
                "143:ended by a signal"})
    int agent(@Option(names = "--config", paramLabel = "FILE",
            description = "The configuration; the default is ./config/application.properties.") Path file) {
        return launch(file, List.of()).agent();
    }

    /** Looks at all that can be known beforehand; starts nothing. */
    @Command(name = "check", mixinStandardHelpOptions = true, description = "Looks at all that can be known beforehand:"
            + " configuration, rsync, targets, limits, room, rights. Starts nothing, changes nothing.",
            exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:all is well, though there may be advice", "1:something would"
                    + " not work", "2:the configuration is refused"})
    int check(@Option(names = "--config", paramLabel = "FILE",
            description = "The configuration; the default is ./config/application.properties.") Path file) {
        return launch(file, List.of()).with(settings -> new Checks(out()).run(settings)
                ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE);
    }

    /** Brings all targets in line, and ends. */
    @Command(name = "once", mixinStandardHelpOptions = true, description = "Brings all targets in line, and ends.",
            exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:all targets are in line", "1:some are not, the reasons"
                    + " are said", "2:the configuration is refused"})
    int once(@Parameters(paramLabel = "SOURCE TARGET", arity = "0..*", description = PLACES) List<String> sourceAndTargets,
            @Option(names = "--config", paramLabel = "FILE", description = CONFIG) Path file,
            @Option(names = "--yes", description = YES) boolean said,
            @Option(names = "--dry-run", description = "Only says what would be sent and deleted.") boolean dry) {
        Launch launch = launch(file, sourceAndTargets);
        return dry ? compare(launch, false, false) : launch.yes(said).once();
    }

    /** Compares all targets with their sources by content. */
    @Command(name = "verify", mixinStandardHelpOptions = true,
            description = "Compares all targets with their sources by checksum, lists differences and changes nothing.",
            exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:all targets are the same as their sources", "1:some are"
                    + " not, or could not be compared", "2:the configuration is refused"})
    int verify(@Parameters(paramLabel = "SOURCE TARGET", arity = "0..*", description = PLACES) List<String> sourceAndTargets,
            @Option(names = "--config", paramLabel = "FILE", description = CONFIG) Path file) {
        return compare(launch(file, sourceAndTargets), true, true);
    }

    private int compare(Launch launch, boolean checksums, boolean differencesFail) {
        return launch.with(settings -> {
            RsyncVersion rsync = RsyncVersion.probe();
            boolean fine = true;
            for (Mirror mirror : settings.mirrors()) {
                for (Target target : mirror.compared()) {
                    out().println(target.id() + ":");
                    Comparison.Result result = new Comparison(out(), settings.stateDir()).compare(mirror, target, rsync, checksums);
                    out().println(result.failure() == null ? target.id() + ": " + result.differing() + " differ, "
                            + result.deleted() + " are only at the target"
                            : target.id() + ": could not be compared: " + result.failure());
                    fine &= result.failure() == null && (result.isSame() || !differencesFail);
                }
            }
            return fine ? 0 : CommandLine.ExitCode.SOFTWARE;
        });
    }

    private Launch launch(Path file, List<String> sourceAndTargets) {
        List<String> named = sourceAndTargets == null ? List.of() : sourceAndTargets;
        Path found = configuration(file, !named.isEmpty());
        Properties values;
        try {
            values = ConfigFile.read(found);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "the configuration " + found + " can't be read: " + OneLine.of(
                    String.valueOf(e.getMessage())), e);
        }
        LogSetup.apply(PlainConfig.of(values)::get);
        return new Launch(found, values, named, out(), spec.commandLine().getErr());
    }

    private Path configuration(Path named, boolean hasPlaces) {
        if (named == null && hasPlaces) {
            return null;
        }
        Path file = named == null ? DEFAULT_CONFIG : named;
        if (!Files.isReadable(file)) {
            throw new ParameterException(spec.commandLine(), named == null
                    ? "There is no " + DEFAULT_CONFIG + " here: name a SOURCE and a TARGET, or a --config FILE"
                    : "--config " + file + ": there is no such file, or it may not be read");
        }
        return file;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Dromedary.class.getPackage().getImplementationVersion();
            return new String[] {"dromedary " + (version == null ? "(unpackaged)" : version)};
        }
    }
}
