package dev.dromedary.jvm;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.change.RawPath;

/**
 * The command line of this process. Each word holds the bytes of an argument as ISO 8859-1, because only the program knows their charset.
 *
 * @param java    the program, as it was called
 * @param options Java's options
 * @param program what is run: {@code -jar} and the jar, or a class, and its arguments
 */
record OwnCommandLine(String java, List<String> options, List<String> program) {

    private static final Pattern TUNES = Pattern.compile("-X|@|-agent|-javaagent|-Dcom\\.sun\\.management");
    private static final Path OWN = Path.of("/proc/self/cmdline");

    OwnCommandLine {
        options = List.copyOf(options);
        program = List.copyOf(program);
    }

    /**
     * {@return the command line of this process (proc(5)); empty if the system does not report it, or if it is not of the expected form}
     *
     * @param arguments the number of arguments that the program got
     */
    static Optional<OwnCommandLine> own(int arguments) {
        try {
            return of(new String(Files.readAllBytes(OWN), StandardCharsets.ISO_8859_1), arguments);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** {@return the command line in a text of NUL-terminated words; only one with a jar, or with a class after a class path} */
    static Optional<OwnCommandLine> of(String text, int arguments) {
        List<String> words = Arrays.asList(text.split("\0", -1));
        // nothing follows the last NUL
        int end = words.size() - 1;
        int main = end - arguments - 1;
        boolean jar = main >= 2 && words.get(main - 1).equals("-jar");
        int from = jar ? main - 1 : main;
        return main < 1 || !jar && !words.get(main).equals(Main.class.getName()) ? Optional.empty()
                : Optional.of(new OwnCommandLine(words.get(0), words.subList(1, from), words.subList(from, end)));
    }

    /** {@return whether the options set memory, threads, archives and the like, or start something else such as an agent} */
    boolean isTuned() {
        return tunes(options);
    }

    /** {@return whether these options do so. An agent, such as a debugger's, already has ports open, and would open them again after a restart} */
    static boolean tunes(List<String> options) {
        return options.stream().anyMatch(option -> TUNES.matcher(option).lookingAt());
    }

    /** Returns this command line with more Java options. They come first, so that the existing options win. */
    OwnCommandLine with(List<String> more) {
        return new OwnCommandLine(java, Stream.concat(more.stream(), options.stream()).toList(), program);
    }

    /** {@return the arguments of the program, decoded as Java does} */
    List<String> arguments() {
        return program.subList(isJar() ? 2 : 1, program.size()).stream().map(OwnCommandLine::text).toList();
    }

    /** {@return the words that make Java run the same program, decoded as Java does, without arguments} */
    List<String> main() {
        return isJar() ? List.of("-jar", text(program.get(1)))
                : List.of("-cp", Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(each -> Path.of(each).toAbsolutePath().toString())
                        .collect(Collectors.joining(File.pathSeparator)), program.get(0));
    }

    private static String text(String word) {
        return new String(word.getBytes(StandardCharsets.ISO_8859_1), Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
    }

    boolean isJar() {
        return program.get(0).equals("-jar");
    }

    /** Returns this command line with an absolute path of the jar, because a class archive is bound to that path. */
    OwnCommandLine absolute() {
        if (!isJar() || program.get(1).startsWith("/")) {
            return this;
        }
        List<String> same = new ArrayList<>(program);
        same.set(1, RawPath.of(Path.of("").toAbsolutePath()) + '/' + program.get(1));
        return new OwnCommandLine(java, options, same);
    }

    /** {@return all words of the command line} */
    List<String> words() {
        List<String> words = new ArrayList<>(List.of(java));
        words.addAll(options);
        words.addAll(program);
        return words;
    }
}
