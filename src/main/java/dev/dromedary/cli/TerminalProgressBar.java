package dev.dromedary.cli;

import java.io.Console;
import java.io.PrintWriter;

import dev.dromedary.text.HumanReadable;
import org.apache.camel.util.json.JsonObject;
import picocli.CommandLine.Help.Ansi;

/** Shows progress on a terminal. */
public final class TerminalProgressBar {

    private static final int BAR = 24;

    private TerminalProgressBar() {
    }

    /** Returns whether standard output is a terminal, and colour is not turned off (no-color.org). */
    public static boolean is() {
        Console console = System.console();
        if (console == null || !Ansi.AUTO.enabled()) {
            return false;
        }
        try {
            // from JDK 22 on there is a console even without a terminal
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Overwrites the last line; an empty text clears it. */
    public static void show(PrintWriter out, String text) {
        out.print("\r" + text + "\u001b[K");
        out.flush();
    }

    /** Returns the progress of a run, as a bar and in figures; {@code run} is one of {@code /api/status}. */
    public static String bar(JsonObject run) {
        int done = (int) (run.getLong("percent") * BAR / 100);
        return "[" + "#".repeat(done) + ".".repeat(BAR - done) + "] " + run.getLong("percent") + " %, "
                + HumanReadable.plural(run.getLong("files"), "file") + ", " + HumanReadable.size(run.getLong("bytes")) + ", "
                + HumanReadable.size(run.getLong("bytesPerSecond")) + "/s"
                + (run.get("secondsLeft") == null ? "" : ", " + HumanReadable.span(run.getLong("secondsLeft")) + " left");
    }
}
