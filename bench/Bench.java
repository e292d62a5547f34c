import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import common.Cleanup;
import common.Log;
import common.Machine;
import common.Trees;
import report.Document;
import report.Results;
import rows.Row;
import rows.Rows;
import rows.Runner;
import testbed.Options;
import testbed.Project;
import testbed.Testbed;

/**
 * The same work through Dromedary, lsyncd, a loop around inotifywait and plain rsync, side by side.
 *
 * <p>{@code bench/run} compiles and starts it; {@code bench/run --help} says what can be chosen. Each contender has a source, a
 * target and an rsync daemon on loopback of its own. In each round all of them do a row's work, in an order that is drawn anew, and
 * the document shows the median of the rounds. Figures count only if source and target are identical at the end.
 */
public final class Bench {

    private static final String HELP = """
            bench/run [--rows ROW,...] [--rounds N] [--scale F] [--on DIR,...] [--limit SECONDS] [--out FILE]

              --rows     of: latency, far, burst, churn, hot, large, rename, rm, tree, folders, others, targets, start (all of them)
              --rounds   how often each row is run; the table has the medians (5)
              --scale    what each row's size is multiplied by: 0.01 is a quick look at whether all works (1)
              --on       where sources and targets lie (/dev/shm,target/bench): the first for all rows, the others for latency,
                         burst, rename and rm, where the file system matters most
              --limit    how long anything may take (300)
              --out      the document that is written after each row (docs/benchmarks.md); its plot lies beside it

            One row in a minute or two, as a quick look while something is changed:
              bench/run --rows latency --rounds 1 --on /dev/shm --out /tmp/latency.md
              bench/run --rows churn --rounds 1 --scale 0.25 --on /dev/shm --out /tmp/churn.md""";

    private final Options options;
    private final String loadBefore;
    private final Cleanup cleanup = new Cleanup(Log::say);
    private final Results results = new Results();

    private Bench(Options options) throws IOException {
        this.options = options;
        loadBefore = Machine.load();
    }

    public static void main(String[] arguments) throws Exception {
        Bench bench = new Bench(options(arguments));
        if (!Files.isRegularFile(Project.JAR)) {
            System.err.println("There is no " + Project.JAR + ": bench/run makes it");
            System.exit(1);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(bench.cleanup::close));
        try {
            bench.run();
        } catch (IOException e) {
            if (!bench.cleanup.isClosing()) {
                throw e;
            }
        } finally {
            bench.cleanup.close();
        }
        System.exit(bench.results.isRight() ? 0 : 1);
    }

    private static Options options(String[] arguments) {
        List<String> rows = Rows.names();
        List<Path> sites = List.of(Path.of("/dev/shm"), Project.FOLDER.resolve("target/bench"));
        int rounds = 5;
        double scale = 1;
        Duration limit = Duration.ofSeconds(300);
        Path out = Project.FOLDER.resolve("docs/benchmarks.md");
        for (int i = 0; i < arguments.length; i += 2) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : "";
            switch (arguments[i]) {
                case "--rows" -> rows = List.of(value.split(","));
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--scale" -> scale = Double.parseDouble(value);
                case "--on" -> sites = Stream.of(value.split(",")).map(each -> Path.of(each).toAbsolutePath()).toList();
                case "--limit" -> limit = Duration.ofSeconds(Long.parseLong(value));
                case "--out" -> out = Path.of(value).toAbsolutePath();
                default -> {
                    System.out.println(HELP);
                    System.exit(arguments[i].equals("--help") ? 0 : 2);
                }
            }
        }
        if (!Rows.names().containsAll(rows) || rounds < 1 || scale <= 0) {
            System.err.println(HELP);
            System.exit(2);
        }
        return new Options(rows, sites, rounds, scale, limit, out, ("bench/run " + String.join(" ", arguments)).strip());
    }

    private void run() throws Exception {
        for (Path site : options.sites()) {
            Files.createDirectories(site);
        }
        Testbed testbed = new Testbed(options, cleanup);
        for (Path site : options.sites()) {
            Path scratch = Files.createTempDirectory(site, "bench-").toRealPath();
            cleanup.add(() -> Trees.remove(scratch));
            Runner runner = new Runner(testbed.in(scratch), results);
            for (String name : options.rows()) {
                Row row = Rows.named(name);
                if (site.equals(options.sites().get(0)) || row.isForEachSite()) {
                    row.run(runner);
                    // after each row, so that a run of hours that is cut off leaves what it has measured
                    new Document(options, loadBefore, results).write();
                }
            }
        }
        Log.say("written: " + Project.relative(options.out()));
    }
}
