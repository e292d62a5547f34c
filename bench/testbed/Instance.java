package testbed;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import common.LagProbe;
import common.Log;
import common.Trees;

/** A contender at work, with a source, its targets, and an rsync daemon of its own. All paths and processes are gone once it is closed. */
public final class Instance implements AutoCloseable {

    /** How exactly its lags are measured. */
    public static final Duration LAG_PRECISION = Duration.ofNanos(250_000);

    private static final double MIB = 1 << 20;

    /** A condition that is waited for. */
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** What it has used since its start: runs of rsync, bytes that these sent to the daemon, and seconds of CPU. */
    public record Usage(long runs, long received, double cpu) {
    }

    private final Testbed testbed;
    private final Contender contender;
    private final Path home;
    private final Path source;
    private final List<Path> targets;
    private final ProcessGroup processes;
    private final Convergence convergence;
    private boolean comparesAtStart = true;
    private List<String> urls;
    private RsyncDaemon daemon;
    private DelayRelay relay;
    private SshServer ssh;
    private Program program;
    private Process process;
    private int changes;

    Instance(Testbed testbed, Contender contender, Path home, Path source, List<Path> targets) {
        this.testbed = testbed;
        this.contender = contender;
        this.home = home;
        this.source = source;
        this.targets = targets;
        processes = new ProcessGroup(home, testbed.cleanup());
        convergence = new Convergence(testbed, processes, source, targets);
        testbed.cleanup().add(this);
    }

    static Instance empty(Testbed testbed, Contender contender, int count) throws IOException {
        Path home = Files.createTempDirectory(testbed.scratch(), contender.name().toLowerCase(Locale.ROOT) + "-");
        List<Path> targets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            targets.add(Files.createDirectory(home.resolve("target" + i)));
        }
        return new Instance(testbed, contender, home, Files.createDirectory(home.resolve("source")), targets);
    }

    public Contender contender() {
        return contender;
    }

    /** {@return the folder of its configuration, state and logs} */
    public Path home() {
        return home;
    }

    public Path source() {
        return source;
    }

    /** {@return its first target; most rows have no other} */
    public Path target() {
        return targets.get(0);
    }

    List<Path> targets() {
        return targets;
    }

    List<String> urls() {
        return urls;
    }

    SshServer ssh() {
        return ssh;
    }

    boolean comparesAtStart() {
        return comparesAtStart;
    }

    Path log() {
        return home.resolve("log");
    }

    ProcessGroup processes() {
        return processes;
    }

    public Metrics metrics() {
        return new Metrics(process, processes.all());
    }

    // ---------------------------------------------------------------- its life

    /** Leaves out the comparison of source and target at its start. */
    public void withoutComparison() {
        comparesAtStart = false;
    }

    /** Starts it, and waits until source and target are compared. */
    public void start() throws Exception {
        long start = System.nanoTime();
        prepare();
        launch();
        await(start, this::isWatching);
        await(start, this::isSettled);
    }

    /** Starts what it needs besides itself; that is part of none of its times. */
    public void prepare() throws Exception {
        if (contender.isLocal()) {
            urls = List.of(target() + "/");
        } else if (contender == Contender.SSH) {
            ssh = SshServer.start(this);
            urls = List.of(ssh.url(target()));
        } else {
            daemon = RsyncDaemon.start(this);
            relay = contender.isFar() ? new DelayRelay(daemon.port()) : null;
            urls = RsyncDaemon.urls(relay != null ? relay.port() : daemon.port(), targets.size());
        }
        program = Program.of(this);
    }

    /** Starts the contender itself. */
    public void launch() throws IOException {
        if (program != null) {
            process = processes.start("output", program.command());
        }
    }

    /** Ends the contender itself; what it needs besides stays. */
    public void stop() throws IOException {
        processes.end(process);
        Files.deleteIfExists(log());
    }

    public boolean isWatching() throws IOException {
        return program == null || program.isWatching();
    }

    /** {@return whether it has sent all changes that it knows of} */
    public boolean isSettled() throws IOException {
        return program == null || program.isSettled();
    }

    /**
     * Waits for a condition.
     *
     * @param start when the time began that the limit is for
     * @throws IOException if one of its processes has ended
     */
    public void await(long start, Condition condition) throws Exception {
        while (!condition.holds()) {
            checkAlive();
            testbed.checkLimit(start);
            // without a comparison, the watches of lsyncd are counted, of which there may be a million
            Thread.sleep(comparesAtStart || contender.isDromedary() ? 10 : 200);
        }
    }

    /** @throws IOException if one of its processes has ended */
    public void checkAlive() throws IOException {
        processes.checkAlive();
    }

    @Override
    public void close() {
        testbed.cleanup().remove(this);
        processes.endAll();
        if (relay != null) {
            relay.close();
        }
        try {
            Trees.remove(home);
        } catch (Exception e) {
            Log.say("could not be removed: " + home + ": " + e);
        }
    }

    // ---------------------------------------------------------------- its files

    /** Gives source and target some files, before it is started. */
    public void fill(List<String> names, int size) throws Exception {
        byte[] content = new byte[size];
        Set<Path> folders = new LinkedHashSet<>();
        for (String name : names) {
            Path file = source.resolve(name);
            if (folders.add(file.getParent())) {
                Files.createDirectories(file.getParent());
            }
            testbed.random().nextBytes(content);
            Files.write(file, content);
        }
        Trees.copy(source, target());
    }

    /** Makes some changes that are not measured, for two seconds at most. */
    public void warmUp(int most) throws Exception {
        long end = System.nanoTime() + 2_000_000_000L;
        for (int i = 0; i < most && (i == 0 || System.nanoTime() < end); i++) {
            change();
        }
        if (contender == Contender.LOOP) {
            // it goes on for a while after the last one
            Thread.sleep(500);
        }
    }

    /** {@return how long each of some small changes took} */
    public List<Long> changes(int count) throws Exception {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            times.add(change());
        }
        return times;
    }

    /** {@return how long a small change took to arrive at all targets, in nanoseconds} */
    public long change() throws Exception {
        // longer than the window: each change finds the target idle
        Thread.sleep(100 + testbed.random().nextInt(50));
        changes++;
        // of another size each time: rsync takes a file of the same size and second for unchanged
        byte[] content = testbed.nextContent(1024 + changes % 64);
        String name = changes % 2 == 0 ? "fnew-" + testbed.sequence().get() : "frewritten";
        Path file = source.resolve(name);
        long start = System.nanoTime();
        Files.write(file, content);
        Process rsync = contender != Contender.FLOOR ? null
                : processes.start("output", List.of("rsync", "-a", "--sockopts=TCP_NODELAY", file.toString(), urls.get(0)));
        awaitArrival(name, content, start);
        long time = System.nanoTime() - start;
        if (rsync != null) {
            awaitEnd(rsync);
        }
        return time;
    }

    /** Waits until a file has arrived at all targets. */
    public void awaitArrival(String name, byte[] content, long start) throws Exception {
        for (Path each : targets) {
            Path there = each.resolve(name);
            File quick = there.toFile();
            while (quick.length() != content.length || !Arrays.equals(content, Trees.readIfExists(there))) {
                testbed.checkLimit(start);
                if (process != null && !process.isAlive()) {
                    checkAlive();
                }
                LockSupport.parkNanos(200_000);
            }
        }
    }

    /** Runs the plain rsync of the floor to its end. */
    public void rsync(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("rsync", "-a", "--sockopts=TCP_NODELAY"));
        command.addAll(List.of(arguments));
        command.add(urls.get(0));
        awaitEnd(processes.start("output", command));
    }

    private void awaitEnd(Process rsync) throws Exception {
        if (!rsync.waitFor(testbed.options().limit().toSeconds(), TimeUnit.SECONDS)) {
            throw new TimeLimitExceeded();
        }
        processes.remove(rsync);
        if (rsync.exitValue() != 0) {
            throw new IOException("rsync has ended with " + rsync.exitValue() + ": " + processes.lastOutput());
        }
    }

    /** Writes a file of the source whose arrival is measured. */
    public void write(LagProbe probe, String name, int size) throws IOException {
        long start = write(name, size);
        probe.expect(target().resolve(name).toFile(), testbed.sequence().get(), start);
    }

    /** Writes a file of the source. {@return the time before that} */
    public long write(String name, int size) throws IOException {
        byte[] content = testbed.nextContent(size);
        long start = System.nanoTime();
        Files.write(source.resolve(name), content);
        return start;
    }

    /** {@return the lags of all that a probe expects, once it has arrived} */
    public List<Long> lags(LagProbe probe) throws Exception {
        long start = System.nanoTime();
        while (!probe.isComplete()) {
            checkAlive();
            testbed.checkLimit(start);
            Thread.sleep(1);
        }
        return probe.lags();
    }

    /**
     * {@return after how many seconds source and target were identical}
     *
     * @param start when that time began
     * @param names of files, some of which it looks for at the target first, which costs little
     * @param removed what must not be at the target, or {@code null}
     */
    public double awaitIdentical(long start, List<String> names, String removed) throws Exception {
        return convergence.measure(start, names, removed);
    }

    /** Waits until source and targets are identical, for a minute at most. */
    public void settle() throws Exception {
        convergence.await();
    }

    // ---------------------------------------------------------------- what it uses

    /** {@return what it has used so far; the runs of rsync under way are waited for, with all contenders alike} */
    public Usage usage() throws IOException, InterruptedException {
        RsyncDaemon.Traffic traffic = daemon.traffic();
        return new Usage(traffic.runs(), traffic.received(), metrics().cpu());
    }

    /** Adds to some figures what it has used since then. */
    public void addUsage(Figures figures, Usage before) throws IOException, InterruptedException {
        double cpu = metrics().cpu();
        RsyncDaemon.Traffic traffic = daemon.traffic();
        if (contender != Contender.LOOP) {
            // with what was just ending; the loop would go on and on
            Thread.sleep(100);
            cpu = metrics().cpu();
        }
        figures.with("runs", traffic.runs() - before.runs);
        figures.with("sent, MiB", (traffic.received() - before.received) / MIB);
        if (contender != Contender.FLOOR) {
            figures.with("CPU, s", cpu - before.cpu);
        }
    }
}
