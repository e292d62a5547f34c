package rows;

import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;

import common.LagProbe;
import common.Timing;
import report.Table;
import testbed.Figures;
import testbed.Instance;

import static testbed.Contender.DROMEDARY;
import static testbed.Contender.TUNED;

/** How long small changes take beside a file that is appended to all the time. */
final class Hot implements Row {

    private static final int RATE = 50;
    private static final long INTERVAL = 1_000_000_000L / RATE;
    private static final int APPENDS_PER_CHANGE = 25;

    @Override
    public String name() {
        return "hot";
    }

    @Override
    public void run(Runner runner) throws Exception {
        int seconds = runner.scaled(10, 3);
        Table table = runner.table(name(), "A hot file: appended " + RATE + " times a second for " + seconds + " s", "From a small change elsewhere,"
                + " one each 500 ms, to its arrival. The hot file is opened, gets 1 KiB and is closed each time.");
        runner.measureEach(table, List.of(DROMEDARY, TUNED), instance -> {
            instance.start();
            instance.warmUp(5);
            Instance.Usage before = instance.usage();
            List<Long> lags;
            long start = System.nanoTime();
            try (LagProbe probe = new LagProbe(Instance.LAG_PRECISION)) {
                for (int i = 0; i < seconds * RATE; i++) {
                    Timing.waitUntil(start + i * INTERVAL);
                    Files.write(instance.source().resolve("fhot"), new byte[1024], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    if (i % APPENDS_PER_CHANGE == 12) {
                        instance.write(probe, "fsmall", 1024 + i / APPENDS_PER_CHANGE % 64);
                    }
                }
                lags = instance.lags(probe);
            }
            instance.settle();
            Figures figures = new Figures().withPercentiles("", lags, 50, 99, 100);
            instance.addUsage(figures, before);
            return figures;
        });
    }
}
