package rows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import common.Timing;
import report.Table;
import testbed.Contender;
import testbed.Figures;
import testbed.Instance;

import static testbed.Contender.DROMEDARY;
import static testbed.Contender.FANOTIFY;
import static testbed.Contender.FLOOR;
import static testbed.Contender.LOOP;
import static testbed.Contender.MANUAL;
import static testbed.Contender.TUNED;

/** How long many new files take: in one folder, many more of them, and in many folders. */
final class Burst implements Row {

    @Override
    public String name() {
        return "burst";
    }

    @Override
    public boolean isForEachSite() {
        return true;
    }

    @Override
    public void run(Runner runner) throws Exception {
        List<Contender> contenders = List.of(DROMEDARY, TUNED, MANUAL, LOOP, FLOOR);
        int files = runner.scaled(20_000, 20);
        int many = runner.scaled(100_000, 100);
        int folders = runner.scaled(2_000, 2);
        measure(runner, table(runner, "burst", files, "in one new folder"), List.of(DROMEDARY, TUNED, MANUAL, LOOP, FLOOR, FANOTIFY), files, 0);
        measure(runner, table(runner, "burst large", many, "in one new folder"), contenders, many, 0);
        measure(runner, table(runner, "burst folders", files, String.format(Locale.ROOT, "in %,d new folders", folders)), contenders, files, folders);
    }

    private static Table table(Runner runner, String name, int files, String where) {
        return runner.table(name, String.format(Locale.ROOT, "Burst: %,d new files %s", files, where), "Files of 1 KiB; from the first write until"
                + " source and target are identical. `floor` is the same writing and then one rsync of the finished list.");
    }

    private static void measure(Runner runner, Table table, List<Contender> contenders, int files, int folders) throws Exception {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            names.add(folders == 0 ? "dburst/f" + i : "dburst/d" + i % folders + "/f" + i);
        }
        runner.measureEach(table, contenders, instance -> {
            instance.start();
            instance.warmUp(5);
            Instance.Usage before = instance.usage();
            byte[] content = new byte[1024];
            runner.testbed().random().nextBytes(content);
            long start = System.nanoTime();
            Files.createDirectories(instance.source().resolve("dburst"));
            for (int i = 0; i < folders; i++) {
                Files.createDirectory(instance.source().resolve("dburst/d" + i));
            }
            for (String name : names) {
                Files.write(instance.source().resolve(name), content);
            }
            double writing = Timing.secondsSince(start);
            if (instance.contender() == FLOOR) {
                Path list = Files.write(instance.home().resolve("list"), names);
                instance.rsync("--files-from=" + list, instance.source() + "/");
            }
            Figures figures = Figures.of("time, s", instance.awaitIdentical(start, names, null)).with("writing of that, s", writing);
            instance.addUsage(figures, before);
            return figures;
        });
    }
}
