package dev.dromedary;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;

import dev.dromedary.cli.ApproveCommand;
import dev.dromedary.cli.ChangedCommand;
import dev.dromedary.cli.ClientCommand;
import dev.dromedary.cli.CompletionCommand;
import dev.dromedary.cli.ControlCommands;
import dev.dromedary.cli.DiscardCommand;
import dev.dromedary.cli.ExplainCommand;
import dev.dromedary.cli.GlobalOptions;
import dev.dromedary.cli.LettersCommand;
import dev.dromedary.cli.LogCommand;
import dev.dromedary.cli.PendingCommand;
import dev.dromedary.cli.ReleaseCommands;
import dev.dromedary.cli.ReloadCommand;
import dev.dromedary.cli.StatusCommand;
import dev.dromedary.cli.UsageErrors;
import dev.dromedary.cli.WaitCommand;
import dev.dromedary.config.CamelFreeConfig;
import dev.dromedary.config.ConfigFile;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Target;
import dev.dromedary.init.ConfigWizard;
import dev.dromedary.log.LogEscaping;
import dev.dromedary.log.LogSetup;
import dev.dromedary.log.RedactedStream;
import dev.dromedary.rsync.DifferenceFormat;
import dev.dromedary.rsync.RsyncVersion;
import dev.dromedary.rsync.TreeComparison;
import dev.dromedary.sersync.ImportSersync;
import dev.dromedary.start.CamelLauncher;
import dev.dromedary.text.HumanReadable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line of the program. */
@Command(name = "dromedary", mixinStandardHelpOptions = true, versionProvider = Dromedary.Version.class,
        subcommands = {StatusCommand.class, ExplainCommand.class, ControlCommands.Replay.class, ControlCommands.Pause.class, ControlCommands.Resume.class,
            ControlCommands.Reconcile.class, PendingCommand.class, ApproveCommand.class, WaitCommand.class, ChangedCommand.class, ReleaseCommands.Release.class, ReleaseCommands.Rollback.class, ReloadCommand.class,
            LettersCommand.class, DiscardCommand.class, LogCommand.class, ImportSersync.class,
            CompletionCommand.class},
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
            "  dromedary explain /data/www/index.html",
            "  dromedary help pause",
            "  dromedary init",
            "  make && dromedary wait www && purge-cdn",
            "  dromedary once /data/www rsync://web2/www",
            "  dromedary import-sersync confxml.xml > config/application.properties",
            "  source <(dromedary generate-completion)", "",
            "Exit codes: 0 stopped, 1 could not run, 2 the configuration or an argument is refused, 143 ended by a signal"})
public final class Dromedary implements Callable<Integer>, GlobalOptions {

    private static final String LAUNCH = "jdk.lang.Process.launchMechanism";
    private static final Path DEFAULT_CONFIG = Path.of("config/application.properties");
    private static final String PLACES = "A folder, and where to mirror it to.";
    private static final String YES = "A first run at a target may delete more there than it brings, or all of it.";
    private static final String CONFIG = "The configuration, which also says where the running program answers; the default is"
            + " ./config/application.properties. With SOURCE TARGET it gives everything else.";

    @Parameters(paramLabel = "SOURCE TARGET", arity = "0..*", description = PLACES)
    private List<String> places = List.of();

    @Option(names = "--config", paramLabel = "FILE", scope = ScopeType.INHERIT, description = CONFIG)
    private Path config;

    @Option(names = "--url", paramLabel = "URL", scope = ScopeType.INHERIT, description = "Where the running program answers, such as"
            + " http://127.0.0.1:8081, if not where its configuration says. For the commands that ask it.")
    private URI url;

    @Option(names = "--yes", description = YES)
    private boolean yes;

    /** The same as {@code java -Dkey=value -jar ...}. */
    @Option(names = "-D", paramLabel = "KEY=VALUE", mapFallbackValue = "", scope = ScopeType.INHERIT,
            description = "A value that comes before the one in the configuration, such as -Dcamel.server.port=8081.")
    private void set(Map<String, String> values) {
        if (values != null) {
            values.forEach(System::setProperty);
        }
    }

    @Spec
    private CommandSpec spec;

    /** Starts the program; exits with one of the exit codes of {@code --help}. */
    public static void main(String[] arguments) {
        RedactedStream.install();
        // Netty, below Camel's HTTP server, would use a part of Java that is going to be removed, and Java would warn of it
        System.setProperty("io.netty.noUnsafe", System.getProperty("io.netty.noUnsafe", "true"));
        startsWithoutHelper();
        int exit = arguments.length == 0 && Files.isReadable(DEFAULT_CONFIG) ? configured() : commandLine().execute(arguments);
        System.out.flush();
        System.err.flush();
        if (exit != 0) {
            System.exit(exit);
        }
    }

    // the same as execute() without arguments; the model of all commands takes an eighth of the time of a start, and there is nothing to parse
    private static int configured() {
        Properties values;
        try {
            values = ConfigFile.read(DEFAULT_CONFIG);
        } catch (IOException e) {
            return commandLine().execute();
        }
        LogSetup.apply(CamelFreeConfig.of(values)::get);
        return new CamelLauncher(DEFAULT_CONFIG, values, List.of(), new PrintWriter(System.out, true), new PrintWriter(System.err, true)).run();
    }

    static CommandLine commandLine() {
        Dromedary program = new Dromedary();
        return new CommandLine(program).setParameterExceptionHandler(new UsageErrors()).setExecutionStrategy(program::execute);
    }

    // an upgrade of Java under the running program removes Java's own helper (lib/jspawnhelper), and no rsync could be started any more;
    // VFORK, which is phased out from Java 26 on, needs no helper
    private static void startsWithoutHelper() {
        if (Runtime.version().feature() < 26 && System.getProperty("os.name").equals("Linux")) {
            System.setProperty(LAUNCH, System.getProperty(LAUNCH, "VFORK"));
        }
    }

    // misplaced arguments are refused instead of ignored
    private int execute(ParseResult parsed) {
        CommandLine program = spec.commandLine();
        if (parsed.hasSubcommand()) {
            CommandSpec command = parsed.subcommand().commandSpec();
            if (!places.isEmpty()) {
                String first = places.get(0);
                throw UsageErrors.near(program, first).isPresent() ? UsageErrors.noCommand(program, first)
                        : new ParameterException(program, first + " stands in front of the command " + command.name()
                                + "; write: dromedary " + command.name() + " " + String.join(" ", places));
            }
            if (url != null && !(command.userObject() instanceof ClientCommand)) {
                throw new ParameterException(command.commandLine(), "--url is for the commands that ask the running program; "
                        + command.name() + " does not");
            }
        } else if (url != null) {
            throw new ParameterException(program, "--url is for the commands that ask the running program, such as status");
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    @Override
    public Path config() {
        return config;
    }

    @Override
    public URI url() {
        return url;
    }

    @Override
    public Integer call() {
        if (!places.isEmpty() && !Files.exists(Path.of(places.get(0)))
                && (places.size() == 1 || UsageErrors.near(spec.commandLine(), places.get(0)).isPresent())) {
            throw places.get(0).indexOf('/') < 0 ? UsageErrors.noCommand(spec.commandLine(), places.get(0))
                    : new ParameterException(spec.commandLine(), "there is no folder " + places.get(0));
        }
        if (places.size() == 1) {
            throw new ParameterException(spec.commandLine(), places.get(0) + " is a source without a target; write: dromedary "
                    + places.get(0) + " TARGET...");
        }
        return launch(places).yes(yes).run();
    }

    /** Shows what a command does. */
    @Command(name = "help", mixinStandardHelpOptions = true,
            description = "Shows what the program or one of its commands does, and its options.")
    int help(@Parameters(paramLabel = "COMMAND", arity = "0..1", description = "One of the commands.") String name) {
        CommandLine program = spec.commandLine();
        CommandLine command = name == null ? program : program.getSubcommands().get(name);
        if (command == null) {
            throw UsageErrors.noCommand(program, name);
        }
        command.usage(out());
        return CommandLine.ExitCode.OK;
    }

    /** Pulls the changes that others publish. */
    @Command(name = "agent", mixinStandardHelpOptions = true, description = "Follows a topic, and pulls from the source of a"
            + " mirror what changes there, until it is stopped. The configuration says which: mirror.<mirror>.subscribe.",
            exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:stopped", "1:could not run", "2:the configuration is refused",
                "143:ended by a signal"})
    int agent(@Option(names = "--create-topic", description = "Creates the topics of the configuration that the broker does not have, with one"
            + " partition, up to three replicas, and a retention of a day.") boolean create) {
        int created = create ? launch(List.of()).createTopics() : CommandLine.ExitCode.OK;
        return created != CommandLine.ExitCode.OK ? created : launch(List.of()).agent();
    }

    /** Asks for a source and targets, tests them, and writes a configuration. */
    @Command(name = "init", mixinStandardHelpOptions = true, description = "Asks for a source and targets, tries them, says what to set up at"
            + " the other side, and writes a configuration. With SOURCE TARGET it asks only whether to write what does not work yet.",
            exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:written, and all of it works", "1:something does not work yet; it says"
                    + " whether it was written", "2:an argument or an answer is refused, or the file is there already"})
    int init(@Parameters(paramLabel = "SOURCE TARGET", arity = "0..*", description = PLACES) List<String> sourceAndTargets,
            @Option(names = "--yes", description = "Asks nothing, and writes what does not work yet, too.") boolean said) {
        CommandLine command = spec.commandLine().getSubcommands().get("init");
        try {
            return new ConfigWizard(config == null ? DEFAULT_CONFIG : config, out(), this::isWell).run(sourceAndTargets == null ? List.of() : sourceAndTargets,
                    said ? Optional.empty() : Optional.of(new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))))
                    ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } catch (IOException e) {
            throw new ParameterException(command, e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, e.getMessage());
        }
    }

    private boolean isWell(Path written) throws IOException {
        return new CamelLauncher(written, ConfigFile.read(written), List.of(), out(), spec.commandLine().getErr())
                .check() == CommandLine.ExitCode.OK;
    }

    /** Checks all that can be known before a start; starts nothing. */
    @Command(name = "check", mixinStandardHelpOptions = true, description = "Looks at all that can be known beforehand:"
            + " configuration, rsync, targets, limits, room, rights. Starts nothing, changes nothing.",
            exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:all is well, though there may be advice", "1:something would"
                    + " not work", "2:the configuration is refused"})
    int check() {
        return launch(List.of()).check();
    }

    /** Brings all targets in line, and ends. */
    @Command(name = "once", mixinStandardHelpOptions = true, description = "Brings all targets in line, and ends.",
            exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:all targets are in line", "1:some are not, the reasons"
                    + " are said", "2:the configuration is refused"})
    int once(@Parameters(paramLabel = "SOURCE TARGET", arity = "0..*", description = PLACES) List<String> sourceAndTargets,
            @Option(names = "--yes", description = YES) boolean said,
            @Option(names = "--dry-run", description = "Only says what would be sent and deleted.") boolean dry,
            @Option(names = "--itemize", description = "With --dry-run: in rsync's codes.") boolean itemize) {
        if (itemize && !dry) {
            throw new ParameterException(spec.commandLine().getSubcommands().get("once"), "--itemize goes with --dry-run");
        }
        CamelLauncher launch = launch(sourceAndTargets);
        return dry ? compare(launch, false, itemize ? DifferenceFormat.ITEMIZED : DifferenceFormat.PLAN) : launch.yes(said).once();
    }

    /** Compares all targets with their sources by content. */
    @Command(name = "verify", mixinStandardHelpOptions = true,
            description = "Compares all targets with their sources by checksum, lists differences and changes nothing.",
            exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:all targets are the same as their sources", "1:some are"
                    + " not, or could not be compared", "2:the configuration is refused"})
    int verify(@Parameters(paramLabel = "SOURCE TARGET", arity = "0..*", description = PLACES) List<String> sourceAndTargets,
            @Option(names = "--itemize", description = "Lists them in rsync's codes.") boolean itemize) {
        return compare(launch(sourceAndTargets), true, itemize ? DifferenceFormat.ITEMIZED : DifferenceFormat.FINDING);
    }

    private int compare(CamelLauncher launch, boolean verify, DifferenceFormat style) {
        return launch.with(settings -> {
            RsyncVersion rsync = RsyncVersion.probe();
            boolean fine = true;
            for (Mirror mirror : settings.mirrors()) {
                if (mirror.compared().isEmpty() && mirror.hosts() != null) {
                    out().println(mirror.name() + ": no host is known, so nothing could be compared");
                    fine = false;
                }
                for (Target target : mirror.compared()) {
                    out().println(target.id() + ":");
                    long begun = System.nanoTime();
                    TreeComparison.Result result = new TreeComparison(out(), style, settings.stateDir()).compare(mirror, target, rsync, verify);
                    out().println(target.id() + ": " + (result.failure() != null ? "could not be compared: " + result.failure()
                            : result.differing() + " differ, " + result.deleted() + " are only at the target; " + HumanReadable.size(result.bytes())
                                    + (verify ? " differ" : " would be sent") + "; it took "
                                    + HumanReadable.span((System.nanoTime() - begun) / 1e9)));
                    fine &= result.failure() == null && (result.isSame() || !verify);
                }
            }
            return fine ? 0 : CommandLine.ExitCode.SOFTWARE;
        });
    }

    private CamelLauncher launch(List<String> sourceAndTargets) {
        List<String> named = sourceAndTargets == null ? List.of() : sourceAndTargets;
        Path found = configuration(!named.isEmpty());
        Properties values;
        try {
            values = ConfigFile.read(found);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "the configuration " + found + " can't be read: " + LogEscaping.of(
                    String.valueOf(e.getMessage())), e);
        }
        LogSetup.apply(CamelFreeConfig.of(values)::get);
        return new CamelLauncher(found, values, named, out(), spec.commandLine().getErr());
    }

    private Path configuration(boolean hasPlaces) {
        if (config == null && hasPlaces) {
            return null;
        }
        Path file = config == null ? DEFAULT_CONFIG : config;
        if (!Files.isReadable(file)) {
            throw new ParameterException(spec.commandLine(), config == null
                    ? "There is no " + DEFAULT_CONFIG + " here: name a SOURCE and a TARGET, or a --config FILE, or write one with dromedary init"
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
