package dev.dromedary.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * Says how the log is written, before its first line is: as text, as JSON, or as the journal of systemd wants it, which has
 * its own time stamps and takes the level from a number in front (sd-daemon(3), "LOG LEVELS").
 */
public final class LogSetup {

    /** {@link #FORMATS}; text, if it is not set. */
    public static final String FORMAT = "dromedary.log-format";
    /** {@link #LEVELS}; info, if it is not set. */
    public static final String LEVEL = "dromedary.log-level";

    public static final List<String> FORMATS = List.of("text", "json");
    public static final List<String> LEVELS = List.of("error", "warn", "info", "debug");
    public static final String DEFAULT_LEVEL = "info";

    // what log4j2.properties names
    private static final String APPENDER = "log.appender";
    private static final String THRESHOLD = "log.threshold";

    private LogSetup() {
    }

    /**
     * Sets the system properties that log4j2.properties asks for. What is not known is left for the one who reads the whole
     * configuration.
     *
     * @param values gives the value of a key, or the default
     */
    public static void apply(BinaryOperator<String> values) {
        String format = values.apply(FORMAT, FORMATS.get(0));
        String level = values.apply(LEVEL, DEFAULT_LEVEL);
        System.setProperty(APPENDER, format.equals("json") ? format : goesToJournal() ? "journal" : "text");
        System.setProperty(THRESHOLD, LEVELS.contains(level) ? level : DEFAULT_LEVEL);
    }

    // systemd.exec(5): device and inode of the journal's socket, which a child may have been given without using it
    private static boolean goesToJournal() {
        String journal = System.getenv("JOURNAL_STREAM");
        if (journal == null) {
            return false;
        }
        try {
            Path output = Path.of("/proc/self/fd/1");
            return journal.equals(Files.getAttribute(output, "unix:dev") + ":" + Files.getAttribute(output, "unix:ino"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
