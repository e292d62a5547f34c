package dev.dromedary.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.dromedary.log.LogEscaping;
import dev.dromedary.text.SpellingSuggestion;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reports an error in a command line in two lines: the fault, with the nearest valid word, and where to find help. */
public final class UsageErrors implements CommandLine.IParameterExceptionHandler {

    private static final Set<String> VALUED = Set.of("--config", "--url");

    @Override
    public int handleParseException(ParameterException refused, String[] arguments) {
        CommandLine command = refused.getCommandLine();
        command.getErr().println("dromedary: " + LogEscaping.of(message(misspelt(command, arguments).orElse(refused))));
        // usage help does not fix a fault in a file
        if (!(refused.getCause() instanceof IOException)) {
            command.getErr().println("Try: " + (command.getParent() == null ? "dromedary help"
                    : "dromedary help " + command.getCommandName()));
        }
        return CommandLine.ExitCode.USAGE;
    }

    // the fault is the unknown command, not the words after it
    private static Optional<ParameterException> misspelt(CommandLine command, String[] arguments) {
        if (command.getParent() != null) {
            return Optional.empty();
        }
        for (int i = 0; i < arguments.length; i++) {
            if (VALUED.contains(arguments[i])) {
                i++;
            } else if (!arguments[i].startsWith("-")) {
                String word = arguments[i];
                return command.getSubcommands().containsKey(word) || Files.exists(Path.of(word)) ? Optional.empty()
                        : near(command, word).map(near -> noCommand(command, word));
            }
        }
        return Optional.empty();
    }

    private static String message(ParameterException refused) {
        if (!(refused instanceof UnmatchedArgumentException unmatched) || unmatched.getUnmatched().isEmpty()) {
            return refused.getMessage();
        }
        String word = unmatched.getUnmatched().get(0);
        return unmatched.isUnknownOption()
                ? "there is no option " + word + meant(SpellingSuggestion.near(word.replaceFirst("=.*", ""), options(refused.getCommandLine())))
                : "there is a word too many: " + word;
    }

    private static List<String> options(CommandLine command) {
        return command.getCommandSpec().options().stream().map(OptionSpec::names).flatMap(Stream::of).toList();
    }

    /** {@return the error for an unknown command} */
    public static ParameterException noCommand(CommandLine program, String word) {
        return new ParameterException(program, "there is no command " + word + meant(near(program, word)));
    }

    /** {@return the command that a misspelt word most likely means; empty if none is near} */
    public static Optional<String> near(CommandLine program, String word) {
        Collection<String> commands = program.getSubcommands().keySet();
        return SpellingSuggestion.near(word, commands);
    }

    private static String meant(Optional<String> word) {
        return word.map(near -> "; did you mean " + near + "?").orElse("");
    }
}
