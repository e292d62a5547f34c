package hosts;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

import common.LagProbe;
import common.Percentiles;
import common.SequencedContent;
import common.Timing;
import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Tree;

/** One source and some hosts, measured while idle, under a steady load, and in a burst. */
public final class HostsCase {

    static final int IDLE_SECONDS = 20;

    private static final int WARM_UP_SECONDS = 10;
    private static final int PATIENCE_SECONDS = 120;
    // the same names again and again; each file has 10 s to arrive before its next change
    private static final int NAMES_PER_RATE = 10;
    private static final int MEASURED_OF = 4;
    private static final double MIB = 1 << 20;
    private static final Pattern BUSY = Pattern.compile("\"owed\":[1-9]|\"runs\":\\[\\{");

    private final ScaleOptions options;
    private final Random random;
    private final String way;
    private final int count;
    private final Topology topology;
    private long written;
    private Counters idle;
    private Counters steady;
    private Counters burst;
    private double burstSeconds;
    private List<Long> lags = List.of();
    private RsyncSampler rsyncs;
    private double sourceMemory;
    private double agentMemory;
    private double brokerMemory;

    /**
     * Not started yet.
     *
     * @param random content of files
     * @param way how changes get to the hosts
     * @param count of hosts
     * @param scratch the folder that all of it lies in
     */
    public HostsCase(ScaleOptions options, Random random, String way, int count, Scratch scratch) {
        this.options = options;
        this.random = random;
        this.way = way;
        this.count = count;
        topology = new Topology(options, way, count, scratch);
    }

    /** Starts all of it, measures, and leaves it to the scratch folder to end it. */
    public void run() throws Exception {
        topology.start();
        Files.write(topology.source().resolve("first"), content());
        settle();
        say("has begun");
        changeFiles(WARM_UP_SECONDS, false);
        settle();
        Counters start = topology.count();
        Thread.sleep(IDLE_SECONDS * 1000L);
        idle = topology.count().minus(start);
        if (options.seconds() > 0) {
            start = topology.count();
            try (RsyncSampler sampler = new RsyncSampler(topology.sourceSide())) {
                rsyncs = sampler;
                changeFiles(options.seconds(), true);
                awaitSame();
            }
            settle();
            steady = topology.count().minus(start);
            say("steady: %.1f s of CPU at the source, %,d runs, %.1f MiB", steady.cpuOfSource(), steady.runs(), steady.sent() / MIB);
        }
        sourceMemory = topology.sourceMemory();
        agentMemory = topology.agentMemory();
        brokerMemory = topology.brokerMemory();
        start = topology.count();
        writeBurst();
        settle();
        burst = topology.count().minus(start);
        say("burst: %.1f s; %.1f s of CPU at the source, %,d runs, %.1f MiB", burstSeconds, burst.cpuOfSource(), burst.runs(),
                burst.sent() / MIB);
    }

    /** Changes files at an even pace; of those measured, waits for the lags. */
    private void changeFiles(int seconds, boolean measured) throws Exception {
        int rate = options.rate();
        long start = System.nanoTime();
        try (LagProbe probe = new LagProbe(Duration.ofNanos(500_000))) {
            for (int i = 0; i < seconds * rate; i++) {
                Timing.waitUntil(start + i * 1_000_000_000L / rate);
                String name = "file" + i % (rate * NAMES_PER_RATE);
                byte[] content = content();
                long at = System.nanoTime();
                Files.write(topology.source().resolve(name), content);
                if (measured && i % MEASURED_OF == 0) {
                    long number = written;
                    topology.targets().forEach(target -> probe.expect(target.resolve(name).toFile(), number, at));
                }
            }
            awaitArrival(probe);
            lags = probe.lags();
        }
    }

    private static void awaitArrival(LagProbe probe) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!probe.isComplete()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("some changes have not arrived after " + PATIENCE_SECONDS + " s");
            }
            Thread.sleep(10);
        }
    }

    private void writeBurst() throws Exception {
        long start = System.nanoTime();
        Path folder = Files.createDirectory(topology.source().resolve("burst"));
        for (int i = 0; i < options.burst(); i++) {
            Files.write(folder.resolve("file" + i), content());
        }
        List<Path> left = new ArrayList<>(topology.targets());
        while (!left.isEmpty()) {
            long now = System.nanoTime();
            // a file has its name when all of it is there
            left.removeIf(target -> files(target.resolve("burst")) == options.burst());
            checkPatience(start, "the burst");
            // at most a fifth of a processor
            LockSupport.parkNanos(Math.max(1_000_000, 4 * (System.nanoTime() - now)));
        }
        burstSeconds = Timing.secondsSince(start);
    }

    private void awaitSame() throws Exception {
        long start = System.nanoTime();
        Tree expected = Tree.of(topology.source());
        for (Path target : topology.targets()) {
            while (!Tree.of(target).equals(expected)) {
                checkPatience(start, target + " is not the same:\n" + Tree.differences(expected, Tree.of(target)));
                Thread.sleep(50);
            }
        }
    }

    /** Waits until all trees are the same, and no change is pending. */
    private void settle() throws Exception {
        awaitSame();
        long start = System.nanoTime();
        for (Dromedary each : topology.dromedaries()) {
            while (BUSY.matcher(each.get("/api/status").body()).find()) {
                checkPatience(start, "something is still owed");
                Thread.sleep(50);
            }
        }
        // a daemon still has to log the end of its last run
        Thread.sleep(500);
        awaitSame();
    }

    private void checkPatience(long start, String what) {
        if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
            List<Dromedary> dromedaries = topology.dromedaries();
            throw new IllegalStateException("not in time: " + what + dromedaries.get(0).shownOutput()
                    + dromedaries.get(dromedaries.size() - 1).shownOutput());
        }
    }

    private byte[] content() {
        byte[] content = new byte[options.size()];
        random.nextBytes(content);
        return SequencedContent.stamp(content, ++written);
    }

    // an unfinished file of rsync begins with a dot
    private static int files(Path folder) {
        String[] names = folder.toFile().list((in, name) -> !name.startsWith("."));
        return names == null ? 0 : names.length;
    }

    private void say(String what, Object... values) {
        System.err.printf("%tT %s: %s%n", LocalTime.now(), name(), String.format(Locale.ROOT, what, values));
    }

    // ---------------------------------------------------------------- what was measured

    String name() {
        return way + ", " + count;
    }

    String way() {
        return way;
    }

    boolean isPull() {
        return topology.isPull();
    }

    int hosts() {
        return count;
    }

    Counters idle() {
        return idle;
    }

    Counters steady() {
        return steady;
    }

    Counters burst() {
        return burst;
    }

    /** {@return the seconds until all hosts had the burst} */
    double burstSeconds() {
        return burstSeconds;
    }

    /** {@return a percentile of the lags of the steady load, in milliseconds, or NaN} */
    double lag(int percent) {
        return lags.isEmpty() ? Double.NaN : Percentiles.millis(lags, percent);
    }

    /** {@return the rsyncs at the source during the steady load, or {@code null}} */
    RsyncSampler rsyncs() {
        return rsyncs;
    }

    /** {@return the memory of the source's Dromedary, in MiB} */
    double sourceMemory() {
        return sourceMemory;
    }

    /** {@return the memory of an agent on average, in MiB} */
    double agentMemory() {
        return agentMemory;
    }

    double brokerMemory() {
        return brokerMemory;
    }
}
