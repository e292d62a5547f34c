package dev.dromedary.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * Selects the log format before the first line is written: text, JSON, or the format of systemd's journal, which has its own time stamps
 * and takes the level from a number in front (sd-daemon(3), "LOG LEVELS").
 */
public final class LogSetup {

    /** One of {@link #FORMATS}; text by default. */
    public static final String FORMAT = "dromedary.log-format";
    /** One of {@link #LEVELS}; info by default. */
    public static final String LEVEL = "dromedary.log-level";

    public static final List<String> FORMATS = List.of("text", "json");
    public static final List<String> LEVELS = List.of("error", "warn", "info", "debug");
    public static final String DEFAULT_LEVEL = "info";

    // the names in log4j2.properties
    private static final String APPENDER = "log.appender";
    private static final String THRESHOLD = "log.threshold";

    private LogSetup() {
    }

    /**
     * Sets the system properties that log4j2.properties refers to. Unknown values are left to the code that checks the whole configuration.
     *
     * @param values gives the value of a key, or the default
     */
    public static void apply(BinaryOperator<String> values) {
        String format = values.apply(FORMAT, FORMATS.get(0));
        String level = values.apply(LEVEL, DEFAULT_LEVEL);
        System.setProperty(APPENDER, format.equals("json") ? format : goesToJournal() ? "journal" : "text");
        System.setProperty(THRESHOLD, LEVELS.contains(level) ? level : DEFAULT_LEVEL);
    }

    // systemd.exec(5): device and inode of the journal's socket, which a child may inherit without using it
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
