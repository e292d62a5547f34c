package rows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import common.LagProbe;
import common.Timing;
import report.Table;
import testbed.Figures;
import testbed.Instance;

import static testbed.Contender.DROMEDARY;
import static testbed.Contender.FANOTIFY;

/** What it costs that others change files on the file system of a source, of which fanotify tells, too. */
final class Others implements Row {

    private static final long INTERVAL = 10_000_000L;
    private static final int FILES_PER_INTERVAL = 330;
    // open for writing and close, then remove: CREATE, CLOSE_WRITE and DELETE
    private static final int EVENTS_PER_FILE = 3;
    private static final int INTERVALS_PER_CHANGE = 50;

    @Override
    public String name() {
        return "others";
    }

    @Override
    public void run(Runner runner) throws Exception {
        int seconds = runner.scaled(10, 2);
        Table table = runner.table(name(), "Others on the same file system: 100,000 events a second for " + seconds + " s", "Two processes write and"
                + " remove files beside the source, as fast as that gives 50,000 changes a second. CPU is that of the contender with all its children"
                + " and its rsync daemon; meanwhile there is a small change each 500 ms.");
        runner.measureEach(table, List.of(DROMEDARY, FANOTIFY), instance -> {
            instance.start();
            instance.warmUp(5);
            Path beside = Files.createDirectories(instance.home().resolve("beside"));
            double cpu = instance.metrics().cpu();
            long start = System.nanoTime();
            long events = 0;
            List<Long> lags;
            try (LagProbe probe = new LagProbe(Instance.LAG_PRECISION)) {
                for (int i = 0; System.nanoTime() - start < seconds * 1_000_000_000L; i++) {
                    for (int j = 0; j < FILES_PER_INTERVAL; j++) {
                        Path file = beside.resolve("f" + j);
                        Files.write(file, new byte[0]);
                        Files.delete(file);
                        events += EVENTS_PER_FILE;
                    }
                    Timing.waitUntil(start + (i + 1) * INTERVAL);
                    if (i % INTERVALS_PER_CHANGE == 25) {
                        instance.write(probe, "fsmall", 1024 + i / INTERVALS_PER_CHANGE % 64);
                    }
                }
                lags = instance.lags(probe);
            }
            double time = Timing.secondsSince(start);
            Figures figures = Figures.of("events of others a second", events / time)
                    .with("CPU, % of a core", (instance.metrics().cpu() - cpu) * 100 / time)
                    .withPercentiles("", lags, 50, 100);
            instance.settle();
            return figures;
        });
    }
}
