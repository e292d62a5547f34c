package rows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import common.Timing;
import common.Trees;
import report.Table;
import testbed.Contender;
import testbed.Figures;
import testbed.Instance;
import testbed.Testbed;

import static testbed.Contender.DROMEDARY;
import static testbed.Contender.TUNED;

/** How long the start takes with a large tree, and what it costs to watch it while nothing changes. */
final class Tree implements Row {

    private static final double MIB = 1 << 20;

    @Override
    public String name() {
        return "tree";
    }

    @Override
    public void run(Runner runner) throws Exception {
        int folders = runner.scaled(110_000, 110);
        int files = runner.scaled(300_000, 300);
        Table table = runner.table(name(), String.format(Locale.ROOT, "A tree of %,d folders and %,d files", folders, files), "Source and target are"
                + " the same before each start, and the contenders take turns at one such pair. Watching: ready is 200; lsyncd begins with"
                + " its first rsync. Compared: that one has ended, too. The heap is what is used after a collection, a folder's part of"
                + " it the difference to an empty source. Idle: " + runner.scaled(20, 3) + " s in which nothing changes.");
        if (!WatchLimit.raise(runner, folders, table)) {
            return;
        }
        Path home = Files.createDirectory(runner.testbed().scratch().resolve("tree"));
        Path source = Files.createDirectory(home.resolve("source"));
        Path target = Files.createDirectory(home.resolve("target"));
        fill(source, folders, files);
        Trees.copy(source, target);
        runner.eachRound(() -> {
            for (Contender contender : runner.shuffled(List.of(DROMEDARY, TUNED))) {
                runner.measure(table, contender, () -> measure(runner, contender, source, target, folders));
                // whatever one has left wrong is not the next one's fault
                Trees.copy(source, target);
            }
        });
        Trees.remove(home);
    }

    private static void fill(Path source, int folders, int files) throws Exception {
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < folders; i++) {
            // ten folders in each
            paths.add((i < 10 ? "" : paths.get(i / 10 - 1) + "/") + "d" + i);
            Files.createDirectory(source.resolve(paths.get(i)));
        }
        for (int i = 0; i < files; i++) {
            Files.write(source.resolve(paths.get(i % folders) + "/f" + i), new byte[64]);
        }
    }

    private static Figures measure(Runner runner, Contender contender, Path source, Path target, int folders) throws Exception {
        double emptyHeap = contender.isDromedary() ? emptyHeap(runner.testbed(), contender) : 0;
        Path home = Files.createTempDirectory(runner.testbed().scratch(), "tree-");
        try (Instance instance = runner.testbed().setUp(contender, home, source, target)) {
            instance.prepare();
            long start = System.nanoTime();
            instance.launch();
            instance.await(start, instance::isSettled);
            double first = Timing.secondsSince(start);
            instance.stop();

            start = System.nanoTime();
            instance.launch();
            instance.await(start, instance::isWatching);
            double watching = Timing.secondsSince(start);
            instance.await(start, instance::isSettled);
            Figures figures = Figures.of("watching, s", watching).with("compared, s", Timing.secondsSince(start))
                    .with("at the first start, s", first);

            Thread.sleep(3_000);
            addIdleUsage(figures, instance, runner.scaled(20, 3));
            figures.withPercentiles("", instance.changes(runner.scaled(20, 5)), 50, 95);
            figures.with("RSS, MiB", instance.metrics().memory("VmRSS")).with("peak, MiB", instance.metrics().memory("VmHWM"));
            if (contender.isDromedary()) {
                double heap = instance.metrics().heap();
                figures.with("heap, MiB", heap / MIB).with("heap a folder, B", (heap - emptyHeap) / folders);
            }
            instance.settle();
            return figures;
        }
    }

    private static double emptyHeap(Testbed testbed, Contender contender) throws Exception {
        try (Instance instance = testbed.setUp(contender, 1)) {
            instance.start();
            instance.changes(10);
            return instance.metrics().heap();
        }
    }

    private static void addIdleUsage(Figures figures, Instance instance, int seconds) throws Exception {
        double cpu = instance.metrics().cpu();
        long wakeUps = instance.metrics().wakeUps();
        long start = System.nanoTime();
        Thread.sleep(seconds * 1_000L);
        double idle = Timing.secondsSince(start);
        figures.with("idle CPU, %", (instance.metrics().cpu() - cpu) * 100 / idle)
                .with("wake-ups a second", (instance.metrics().wakeUps() - wakeUps) / idle);
    }
}
