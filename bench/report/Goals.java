package report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

import testbed.Contender;
import testbed.Project;

import static testbed.Contender.DIRECT;
import static testbed.Contender.DROMEDARY;
import static testbed.Contender.FANOTIFY;
import static testbed.Contender.FAR;
import static testbed.Contender.FAR_TUNED;
import static testbed.Contender.FLOOR;
import static testbed.Contender.LOCAL;
import static testbed.Contender.NEWEST;
import static testbed.Contender.TUNED;

/** What Dromedary is to reach, beside what it has reached. */
final class Goals {

    /**
     * A goal.
     *
     * @param row the table that it is about
     * @param most the most that what was measured may be
     */
    private record Goal(String row, String what, double most, ToDoubleFunction<Table> measured) {

        static Goal median(String row, String what, double most, Contender contender, String figure) {
            return new Goal(row, what, most, table -> table.median(contender, figure));
        }

        static Goal ratio(String row, String what, double most, String figure, Contender contender, Contender other) {
            return new Goal(row, what, most, table -> table.ratio(figure, contender, other));
        }

        // what could not be measured, or was wrong, is missed
        String line(Table table) {
            double value = measured.applyAsDouble(table);
            String verdict = table.contenders().isEmpty() ? "**not measured**"
                    : !table.isRight() ? "**missed**, not right in each round"
                    : value <= most ? "met" : "**missed**";
            return "| " + table.title() + ", " + Project.relative(table.site()) + " | " + what + " | " + Numbers.format(most) + " | "
                    + (Double.isNaN(value) ? "–" : Numbers.format(value)) + " | " + verdict + " |\n";
        }
    }

    private static final List<Goal> ALL = List.of(
            Goal.ratio("latency", "p50, to lsyncd tuned", 0.4, "p50, ms", DROMEDARY, TUNED),
            new Goal("latency", "p99, to its own p50", 3, table -> table.median(DROMEDARY, "p99, ms") / table.median(DROMEDARY, "p50, ms")),
            Goal.ratio("latency", "local, p50, to lsyncd direct", 0.7, "p50, ms", LOCAL, DIRECT),
            Goal.ratio("far", "p50, to lsyncd tuned", 0.3, "p50, ms", FAR, FAR_TUNED),
            Goal.ratio("burst", "time, to lsyncd tuned", 0.17, "time, s", DROMEDARY, TUNED),
            Goal.ratio("burst", "time, to floor", 1, "time, s", DROMEDARY, FLOOR),
            Goal.ratio("churn", "lag p99, to lsyncd tuned", 0.5, "lag p99, ms", DROMEDARY, TUNED),
            Goal.ratio("churn", "CPU, to lsyncd tuned", 0.9, "CPU, s", DROMEDARY, TUNED),
            Goal.ratio("hot", "p99, to lsyncd tuned", 0.6, "p99, ms", DROMEDARY, TUNED),
            Goal.ratio("large", "time, to lsyncd tuned", 1, "time, s", DROMEDARY, TUNED),
            Goal.median("rename", "sent, % of the content", 1, DROMEDARY, "sent, % of the content"),
            Goal.ratio("tree", "watching, to lsyncd tuned", 0.8, "watching, s", DROMEDARY, TUNED),
            Goal.ratio("tree", "compared, to lsyncd tuned", 1, "compared, s", DROMEDARY, TUNED),
            Goal.median("tree", "RSS, MiB", 140, DROMEDARY, "RSS, MiB"),
            Goal.median("tree", "heap a folder, B", 300, DROMEDARY, "heap a folder, B"),
            Goal.median("tree", "idle CPU, %", 0.1, DROMEDARY, "idle CPU, %"),
            Goal.ratio("folders 300000", "by fanotify, watching, to lsyncd tuned", 0.35, "watching, s", FANOTIFY, TUNED),
            Goal.median("folders 1000000", "by fanotify, above an empty source, s", 0.3, FANOTIFY, "above an empty source, s"),
            Goal.median("folders 1000000", "by fanotify, RSS above it, MiB", 15, FANOTIFY, "RSS above it, MiB"),
            Goal.ratio("latency", "by fanotify, p50, to inotify", 1.1, "p50, ms", FANOTIFY, DROMEDARY),
            Goal.ratio("burst", "by fanotify, time, to inotify", 1.05, "time, s", FANOTIFY, DROMEDARY),
            Goal.ratio("churn", "by fanotify, lag p99, to inotify", 1.05, "lag p99, ms", FANOTIFY, DROMEDARY),
            Goal.median("others", "by fanotify, CPU, % of a core", 25, FANOTIFY, "CPU, % of a core"),
            Goal.ratio("targets 1", "p50, to lsyncd tuned", 0.5, "p50, ms", DROMEDARY, TUNED),
            Goal.ratio("targets 4", "p50, to lsyncd tuned", 0.5, "p50, ms", DROMEDARY, TUNED),
            Goal.ratio("targets 16", "p50, to lsyncd tuned", 0.85, "p50, ms", DROMEDARY, TUNED),
            Goal.ratio("targets 64", "p50, to lsyncd tuned", 0.85, "p50, ms", DROMEDARY, TUNED),
            Goal.median("start", "first change, s", 1.6, DROMEDARY, "first change, s"),
            Goal.median("start", "first change by the newest Java, s", 1, NEWEST, "first change, s"));

    private Goals() {
    }

    /** Appends a line for each goal of each table there is, site by site. */
    static void appendMarkdown(StringBuilder text, List<Table> tables) {
        List<String> lines = new ArrayList<>();
        for (Path site : tables.stream().map(Table::site).distinct().toList()) {
            for (Goal goal : ALL) {
                tables.stream().filter(table -> table.site().equals(site) && table.row().equals(goal.row)).map(goal::line).forEach(lines::add);
            }
        }
        if (!lines.isEmpty()) {
            text.append("## Goals\n\n| | | goal, at most | measured | |\n|---|---|---:|---:|---|\n").append(String.join("", lines)).append('\n');
        }
    }
}
