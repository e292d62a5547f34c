package dev.dromedary.check;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import dev.dromedary.config.Settings;
import picocli.CommandLine.Help.Ansi;

/** Runs all checks that are possible before a start, and prints their results, a line each. */
public final class CheckRunner {

    private final PrintWriter out;
    private final Map<String, String> kafka;

    /**
     * @param out   where the results are printed
     * @param kafka the options of Camel's component for all topics, without {@code camel.component.kafka.}
     */
    public CheckRunner(PrintWriter out, Map<String, String> kafka) {
        this.out = out;
        this.kafka = kafka;
    }

    /** @return whether nothing is wrong; advice does not count */
    public boolean run(Settings settings) throws IOException, InterruptedException {
        say(CheckFinding.ok("configuration", "it is right"));
        boolean fine = true;
        for (CheckFinding finding : Stream.of(HostCheck.look(settings), DaylightSavingCheck.look(settings, ZoneId.systemDefault(), Instant.now()),
                SourceCheck.look(settings), PublishSubscribeCheck.look(settings, kafka), HookProgramCheck.look(settings), HostListCheck.look(settings)).flatMap(List::stream).toList()) {
            fine &= say(finding);
        }
        if (TargetReachabilityCheck.isUsable()) {
            for (CheckFinding finding : new TargetReachabilityCheck(settings).look()) {
                fine &= say(finding);
            }
        }
        return fine;
    }

    /** Creates the topics of a configuration that are missing, and returns whether all of them exist now. */
    public boolean createTopics(Settings settings) throws IOException, InterruptedException {
        boolean fine = true;
        for (CheckFinding finding : PublishSubscribeCheck.createTopics(settings, kafka)) {
            fine &= say(finding);
        }
        return fine;
    }

    private boolean say(CheckFinding finding) {
        String word = switch (finding.level()) {
            case OK -> "@|green ok    |@";
            case ADVICE -> "@|yellow advice|@";
            case WRONG -> "@|red,bold wrong |@";
        };
        String coloured = System.console() != null && Ansi.AUTO.enabled() ? Ansi.ON.string(word) : Ansi.OFF.string(word);
        out.println(coloured + "  " + finding.what() + ": " + finding.text() + (finding.hint() == null ? "" : "; " + finding.hint()));
        out.flush();
        return finding.level() != CheckFinding.Level.WRONG;
    }

    static List<CheckFinding> some(CheckFinding... findings) {
        return Stream.of(findings).filter(finding -> finding != null).toList();
    }

    static String percent(double part) {
        return String.format(Locale.ROOT, "%.0f %%", part * 100);
    }
}
