package rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import common.LagProbe;
import common.Timing;
import report.Table;
import testbed.Figures;
import testbed.Instance;

import static testbed.Contender.DROMEDARY;
import static testbed.Contender.FANOTIFY;
import static testbed.Contender.LOOP;
import static testbed.Contender.MANUAL;
import static testbed.Contender.TUNED;

/** How far the target lags behind a steady stream of changes all over a tree, and what that costs. */
final class Churn implements Row {

    private static final int RATE = 200;
    private static final long INTERVAL = 1_000_000_000L / RATE;
    // without a common factor with the number of files: neighbours in time are none in the list
    private static final long STRIDE = 1_009;

    @Override
    public String name() {
        return "churn";
    }

    @Override
    public void run(Runner runner) throws Exception {
        int files = runner.scaled(5_000, 50);
        int seconds = runner.scaled(60, 3);
        Table table = runner.table(name(), String.format(Locale.ROOT, "Churn: %d changes a second over %,d files, for %d s", RATE, files, seconds),
                "The lag is that of each tenth write: until the target has it or a later one. CPU is that of the contender with all"
                + " its children and its rsync daemon, until source and target are identical; the loop has thousands of rsyncs"
                + " ahead of it even then.");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            names.add("d" + i % 50 + "/f" + i);
        }
        runner.measureEach(table, List.of(DROMEDARY, FANOTIFY, TUNED, MANUAL, LOOP), instance -> {
            instance.fill(names, 1024);
            instance.start();
            instance.warmUp(5);
            Instance.Usage before = instance.usage();
            List<Long> lags;
            double writing;
            long start = System.nanoTime();
            try (LagProbe probe = new LagProbe(Instance.LAG_PRECISION)) {
                for (int i = 0; i < seconds * RATE; i++) {
                    Timing.waitUntil(start + i * INTERVAL);
                    String name = names.get((int) (i * STRIDE % files));
                    int size = 1024 + i / files % 64;
                    if (i % 10 == 0) {
                        instance.write(probe, name, size);
                    } else {
                        instance.write(name, size);
                    }
                }
                writing = Timing.secondsSince(start);
                lags = instance.lags(probe);
            }
            instance.settle();
            Figures figures = new Figures().withPercentiles("lag ", lags, 50, 99, 100).with("writing took, s", writing);
            instance.addUsage(figures, before);
            return figures;
        });
    }
}
