package testbed;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import common.Trees;

/** Waits until a source and its targets are identical. */
final class Convergence {

    /** How long trees may differ that should be identical. */
    private static final Duration LONGEST_DIFFERENCE = Duration.ofSeconds(60);
    private static final int SAMPLES = 32;

    private final Testbed testbed;
    private final ProcessGroup processes;
    private final Path source;
    private final List<Path> targets;

    Convergence(Testbed testbed, ProcessGroup processes, Path source, List<Path> targets) {
        this.testbed = testbed;
        this.processes = processes;
        this.source = source;
        this.targets = targets;
    }

    /** Waits until all targets are identical to the source, for a minute at most. */
    void await() throws Exception {
        long start = System.nanoTime();
        for (Path target : targets) {
            String difference;
            while ((difference = Trees.difference(source, target)) != null) {
                long now = System.nanoTime();
                if (now - start > LONGEST_DIFFERENCE.toNanos()) {
                    throw new TreesDiffer(difference);
                }
                processes.checkAlive();
                Thread.sleep(20);
            }
        }
    }

    /**
     * {@return after how many seconds the first target was identical to the source}
     *
     * <p>To disturb little, it looks for some samples one after the other, then counts files, and compares only if these are as many.
     *
     * @param start when that time began
     * @param names the files that samples are taken of
     * @param removed what must not be at the target, or {@code null}
     */
    double measure(long start, List<String> names, String removed) throws Exception {
        Path target = targets.get(0);
        long files = Trees.countFiles(source.toFile());
        for (String sample : samples(names)) {
            awaitExistence(start, target.resolve(sample), true);
        }
        if (removed != null) {
            awaitExistence(start, target.resolve(removed), false);
        }
        long firstComplete = 0;
        while (true) {
            long now = System.nanoTime();
            // rsync gives a file its name when its content, size and time are right: what is counted is whole
            if (Trees.countFiles(target.toFile()) == files) {
                String difference = Trees.difference(source, target);
                if (difference == null) {
                    return (now - start) / 1e9;
                }
                firstComplete = firstComplete == 0 ? now : firstComplete;
                if (now - firstComplete > Math.min(testbed.options().limit().toNanos() / 2, LONGEST_DIFFERENCE.toNanos())) {
                    throw new TreesDiffer(difference);
                }
            }
            testbed.checkLimit(start);
            processes.checkAlive();
            // at most a fifth of a processor
            LockSupport.parkNanos(Math.max(2_000_000, 4 * (System.nanoTime() - now)));
        }
    }

    // the last by name is among them, which rsync sends last
    private static List<String> samples(List<String> names) {
        List<String> sorted = names.stream().sorted().toList();
        List<String> samples = new ArrayList<>();
        for (int i = 1; i <= SAMPLES && !sorted.isEmpty(); i++) {
            samples.add(sorted.get(Math.max(0, sorted.size() * i / SAMPLES - 1)));
        }
        return samples;
    }

    private void awaitExistence(long start, Path path, boolean exists) throws Exception {
        while (path.toFile().exists() != exists) {
            testbed.checkLimit(start);
            processes.checkAlive();
            LockSupport.parkNanos(1_000_000);
        }
    }
}
