package report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

import common.Commands;
import common.Machine;
import common.Trees;
import testbed.Options;
import testbed.Project;

/** The document of a run in Markdown, with its plot beside it; it is written once. */
public final class Document {

    private final Options options;
    private final String loadBefore;
    private final Results results;
    private final StringBuilder text = new StringBuilder();

    /** @param loadBefore the load average before the run */
    public Document(Options options, String loadBefore, Results results) {
        this.options = options;
        this.loadBefore = loadBefore;
        this.results = results;
    }

    /** Writes both. */
    public void write() throws IOException, InterruptedException {
        Path out = options.out();
        Path plot = out.resolveSibling(out.getFileName().toString().replaceAll("\\.md$", "") + ".svg");
        head();
        Goals.appendMarkdown(text, results.tables());
        if (new Plot(results).write(plot)) {
            text.append("![Latency of a small change, and bursts](").append(plot.getFileName()).append(")\n\n");
        }
        text.append("## Figures\n\n");
        results.tables().forEach(table -> table.appendMarkdown(text));
        Files.createDirectories(out.getParent());
        Files.writeString(out, text.toString().stripTrailing() + "\n");
    }

    private void head() throws IOException, InterruptedException {
        String memory = Files.readAllLines(Path.of("/proc/meminfo")).get(0).replaceAll("\\D", "");
        text.append("# Benchmarks\n\n`").append(options.command()).append("`, ").append(LocalDate.now()).append(", a scale of ")
                .append(options.scale()).append("; load ").append(loadBefore).append(" before and ").append(Machine.load())
                .append(" after. This document holds what that one run has measured, and nothing else.\n\n");
        List<String> facts = new ArrayList<>(List.of(Commands.firstLine(Project.JAVA_HOME + "/bin/java", "-jar", Project.JAR.toString(), "--version"),
                Commands.firstLine("rsync", "--version"),
                "lsyncd " + Commands.firstLine("lsyncd", "-version").replaceAll(".*: ", ""), Commands.firstLine("inotifywait", "--help"),
                "Java " + System.getProperty("java.version"), "Linux " + System.getProperty("os.version"),
                Runtime.getRuntime().availableProcessors() + " × " + Machine.processor(),
                Numbers.format(Long.parseLong(memory) / 1048576.0) + " GiB of memory"));
        for (Path site : options.sites()) {
            facts.add(Project.relative(site) + " on " + Files.getFileStore(site).type());
        }
        text.append(String.join(", ", facts)).append(".\n\n");
        text.append("""
                | contender | what it is |
                |---|---|
                | dromedary | `java -jar target/dromedary.jar` with a source and a target in its configuration, all else as it is by default |
                | lsyncd tuned | `default.rsync` with `delay = 0` and `rsync = { _extra = {"--sockopts=TCP_NODELAY"} }` |
                | lsyncd direct | `default.direct` with `delay = 0` |
                | lsyncd manual | `default.rsync` as its manual has it, with its delay of 15 s |
                | inotifywait loop | `inotifywait -m -r … \\| while read -r line; do rsync -a --delete …; done` |
                | floor | one plain `rsync -a --sockopts=TCP_NODELAY` that is told what to do |

                Each has a source, a target and an rsync daemon (`use chroot = no`, `socket options = TCP_NODELAY`, `listen backlog =
                128`) on loopback of its own. In each round they do the same, in an order that is drawn anew; lsyncd by its manual and the loop take part in the
                first round only. Figures are the median of the rounds (and the least and most of them); those of latencies are of each
                round's changes first. They count only if source and target were identical at the end: the same paths, types and sizes, and the same content (beyond %,d files: the same time); modes are
                not compared, as lsyncd carries none by default. Runs and bytes are what the rsync daemon has logged, CPU is that of
                contender, daemon and all their children.

                """.formatted(Trees.COMPARED_BY_CONTENT));
    }
}
