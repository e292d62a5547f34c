package dev.dromedary.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Prints the script for completion in the shell. It is picocli's script, but the names of targets and dead letters are those that exist
 * when a word is completed, not those at the time when the script was made.
 */
@Command(name = "generate-completion", mixinStandardHelpOptions = true, description = "Prints a script by which bash and zsh complete the"
        + " arguments.", footer = {"", "Example:", "  source <(dromedary generate-completion)"})
public final class CompletionCommand implements Callable<Integer> {

    /** Stands for the mirrors and targets of the configuration. */
    static final class Targets implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("@targets").iterator();
        }
    }

    /** Stands for the ids of the waiting dead letters. */
    static final class Letters implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("@letters").iterator();
        }
    }

    /** Stands for both. */
    static final class TargetsAndLetters implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("@targets", "@letters").iterator();
        }
    }

    private static final Pattern STANDS_FOR = Pattern.compile("\"@(targets|letters)\"");

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (InputStream functions = CompletionCommand.class.getResourceAsStream("completion.sh")) {
            out.print(STANDS_FOR.matcher(AutoComplete.bash(spec.root().name(), spec.root().commandLine())).replaceAll("\\$(_dromedary_$1)"));
            out.print(new String(functions.readAllBytes(), StandardCharsets.UTF_8));
        }
        out.flush();
        return 0;
    }
}
