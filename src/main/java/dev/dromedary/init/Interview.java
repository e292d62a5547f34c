package dev.dromedary.init;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

import dev.dromedary.config.TargetUrl;

/** Asks a person for what a configuration needs, and repeats a question until its answer is usable. */
final class Interview {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");
    // limits the repetitions of a question that gets no valid answer
    private static final int MOST_ATTEMPTS = 5;

    /** The input has ended before all questions were answered. */
    static final class EndedException extends IOException {
        private static final long serialVersionUID = 1L;

        EndedException(String question) {
            super("no answer to: " + question);
        }
    }

    private final BufferedReader answers;
    private final PrintWriter questions;

    Interview(BufferedReader answers, PrintWriter questions) {
        this.answers = answers;
        this.questions = questions;
    }

    Path source() throws IOException {
        return ask("Which folder is to be mirrored", null, text -> folder(text));
    }

    String name(String usual) throws IOException {
        return ask("A name for this mirror", usual, text -> NAME.matcher(text).matches() ? text
                : refuse("letters, digits, - and _"));
    }

    /** {@return the next target; empty if there are no more} */
    Optional<TargetUrl> target(boolean first) throws IOException {
        return ask(first ? "Where to: /a/folder, rsync://host/module/path or ssh://user@host/path" : "And where else (nothing: nowhere)",
                first ? null : "", text -> text.isEmpty() ? Optional.empty() : Optional.of(TargetUrl.parse(text, Path.of("").toAbsolutePath())));
    }

    /** {@return the password of a user at an rsync daemon; empty to write none} */
    String password(TargetUrl url) throws IOException {
        String question = "The password of " + url.user() + " at " + url.host() + " (nothing: there is none)";
        if (System.console() != null) {
            char[] typed = System.console().readPassword("%s: ", question);
            return typed == null ? "" : new String(typed);
        }
        return ask(question, "", text -> text);
    }

    boolean agrees(String question) throws IOException {
        return ask(question + " (yes or no)", "no", text -> text).toLowerCase(Locale.ROOT).startsWith("y");
    }

    private static Path folder(String text) {
        Path folder = Path.of(text).toAbsolutePath().normalize();
        return Files.isDirectory(folder) ? folder : refuse(folder + " is no folder");
    }

    private static <T> T refuse(String why) {
        throw new IllegalArgumentException(why);
    }

    private <T> T ask(String question, String usual, Function<String, T> read) throws IOException {
        List<String> refused = new ArrayList<>();
        while (refused.size() < MOST_ATTEMPTS) {
            questions.print(question + (usual == null || usual.isEmpty() ? "" : " [" + usual + "]") + ": ");
            questions.flush();
            String line = answers.readLine();
            if (line == null) {
                questions.println();
                throw new EndedException(question);
            }
            String answer = line.isBlank() && usual != null ? usual : line.strip();
            try {
                return read.apply(answer);
            } catch (IllegalArgumentException e) {
                refused.add(answer);
                questions.println("  " + answer + ": " + e.getMessage());
            }
        }
        throw new EndedException(question);
    }
}
