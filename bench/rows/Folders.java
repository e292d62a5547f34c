package rows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import common.Timing;
import common.Trees;
import report.Table;
import testbed.Contender;
import testbed.Figures;
import testbed.Instance;

import static testbed.Contender.DROMEDARY;
import static testbed.Contender.FANOTIFY;
import static testbed.Contender.TUNED;

/** What it takes to watch ever more folders. */
final class Folders implements Row {

    @Override
    public String name() {
        return "folders";
    }

    @Override
    public void run(Runner runner) throws Exception {
        int most = runner.scaled(300_000, 100);
        for (int count : List.of(110_000, 300_000, 1_000_000)) {
            int folders = runner.scaled(count, 100);
            // lsyncd would take minutes each time for a million
            measure(runner, folders, folders > most ? List.of(DROMEDARY, FANOTIFY) : List.of(DROMEDARY, FANOTIFY, TUNED));
        }
    }

    private void measure(Runner runner, int folders, List<Contender> contenders) throws Exception {
        Table table = runner.table("folders " + folders, String.format(Locale.ROOT, "The watch of %,d folders", folders), "No file is in them, and"
                + " nothing is compared at the start (`reconcile-on-start = false`, and `init = false` of lsyncd). Watching: ready is 200; lsyncd has"
                + " as many watches as there are folders. Above an empty source: the difference to the same start with no folder in it. The changes"
                + " are made in the deepest folder.");
        if (!WatchLimit.raise(runner, folders, table)) {
            return;
        }
        Path home = Files.createDirectory(runner.testbed().scratch().resolve("folders"));
        Path source = Files.createDirectory(home.resolve("source"));
        Path target = Files.createDirectory(home.resolve("target"));
        for (int i = 0; i < folders; i++) {
            // a hundred in each, on three levels
            Files.createDirectories(source.resolve("d" + i / 10_000 + "/d" + i / 100 % 100 + "/d" + i % 100));
        }
        runner.eachRound(() -> {
            for (Contender contender : runner.shuffled(contenders)) {
                runner.measure(table, contender, () -> {
                    Figures empty = watch(runner, contender, Files.createDirectories(home.resolve("empty")), target, 1);
                    Figures full = watch(runner, contender, source, target, folders);
                    return full.with("above an empty source, s", full.get("watching, s") - empty.get("watching, s"))
                            .with("RSS above it, MiB", full.get("RSS, MiB") - empty.get("RSS, MiB"));
                });
            }
        });
        Trees.remove(home);
    }

    private static Figures watch(Runner runner, Contender contender, Path source, Path target, int folders) throws Exception {
        Path home = Files.createTempDirectory(runner.testbed().scratch(), "folders-");
        try (Instance instance = runner.testbed().setUp(contender, home, source, target)) {
            instance.withoutComparison();
            instance.prepare();
            long start = System.nanoTime();
            instance.launch();
            instance.await(start, () -> contender.isDromedary() ? instance.isWatching() : instance.metrics().inotifyWatches() >= folders);
            double watching = Timing.secondsSince(start);
            instance.warmUp(5);
            List<Long> times = instance.changes(runner.scaled(10, 3));
            return Figures.of("watching, s", watching).withPercentiles("", times, 50).with("RSS, MiB", instance.metrics().memory("VmRSS"));
        }
    }
}
