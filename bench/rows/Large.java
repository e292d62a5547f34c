package rows;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import common.LagProbe;
import common.Log;
import common.Timing;
import report.Table;
import testbed.Figures;
import testbed.Instance;

import static testbed.Contender.DROMEDARY;
import static testbed.Contender.TUNED;

/** How long a large file takes, and small changes beside it. */
final class Large implements Row {

    private static final long FULL_SIZE = 2L << 30;
    private static final long LEAST_SIZE = 8 << 20;
    private static final long INTERVAL = 500_000_000L;

    @Override
    public String name() {
        return "large";
    }

    @Override
    public void run(Runner runner) throws Exception {
        long room = Files.getFileStore(runner.testbed().scratch()).getUsableSpace() / 4;
        long size = Math.min((long) Math.max(runner.options().scale() * FULL_SIZE, LEAST_SIZE), room);
        Table table = runner.table(name(), String.format(Locale.ROOT, "A large file of %,d MiB", size >> 20), "How long it took from its first byte,"
                + " and from a small change beside it, one each 500 ms until the large file had arrived, to that one's arrival.");
        runner.measureEach(table, List.of(DROMEDARY, TUNED), instance -> {
            instance.start();
            instance.warmUp(5);
            List<Long> lags;
            double time;
            long start = System.nanoTime();
            Thread writer = new Thread(() -> write(instance.source().resolve("flarge"), size));
            writer.setDaemon(true);
            writer.start();
            File there = instance.target().resolve("flarge").toFile();
            try (LagProbe probe = new LagProbe(Instance.LAG_PRECISION)) {
                for (int i = 0; ; i++) {
                    instance.write(probe, "fsmall", 1024 + i % 64);
                    long next = start + (i + 1) * INTERVAL;
                    while (there.length() < size && System.nanoTime() < next) {
                        Thread.sleep(5);
                    }
                    if (there.length() >= size) {
                        break;
                    }
                    runner.testbed().checkLimit(start);
                    instance.checkAlive();
                }
                time = Timing.secondsSince(start);
                lags = instance.lags(probe);
            }
            writer.join();
            instance.settle();
            return Figures.of("time, s", time).with("small changes", lags.size()).withPercentiles("", lags, 50, 99, 100);
        });
    }

    private static void write(Path path, long size) {
        byte[] block = new byte[1 << 20];
        new Random(2).nextBytes(block);
        try (OutputStream file = Files.newOutputStream(path)) {
            for (long at = 0; at < size; at += block.length) {
                file.write(block, 0, (int) Math.min(block.length, size - at));
            }
        } catch (IOException e) {
            Log.say("the large file could not be written: " + e);
        }
    }
}
