import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import common.Cleanup;
import common.Commands;
import common.HttpProbe;
import common.Machine;
import common.Percentiles;
import common.Processes;
import common.RsyncdConf;
import common.Trees;

/**
 * How long a small change takes to a healthy target: alone, and beside a dead, a stalled and a full one.
 *
 * <p>{@code bench/beside [CHANGES]} compiles and starts it; the full one needs root. Each case has a Dromedary, a source and an rsync
 * daemon of its own; all of them run, and they take turns change by change, so that whatever else the machine does falls on all
 * alike. The first row is measured before the others are started.
 */
public final class Beside {

    private static final Path JAR = Path.of("target/dromedary.jar").toAbsolutePath();
    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin/java").toString();
    private static final int WARM_UP = 100;
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private interface Condition {
        boolean holds() throws Exception;
    }

    private final Cleanup cleanup = new Cleanup(System.err::println);
    // the pauses are the same in each run, and in step with no clock
    private final Random random = new Random(1);
    private final Path root;

    private Beside(Path root) {
        this.root = root;
        cleanup.add(() -> Trees.remove(root));
    }

    public static void main(String[] arguments) throws Exception {
        int changes = arguments.length == 0 ? 200 : Integer.parseInt(arguments[0]);
        if (!Files.isRegularFile(JAR)) {
            System.err.println("There is no " + JAR + ": bench/beside makes it");
            System.exit(1);
        }
        Path memory = Path.of("/dev/shm");
        Path root = Files.isWritable(memory) ? Files.createTempDirectory(memory, "beside-") : Files.createTempDirectory("beside-");
        Beside bench = new Beside(root.toRealPath());
        Thread cleaner = new Thread(bench.cleanup::close);
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            bench.run(changes);
        } finally {
            Runtime.getRuntime().removeShutdownHook(cleaner);
            bench.cleanup.close();
        }
    }

    private void run(int changes) throws Exception {
        String loadBefore = Machine.load();
        Case alone = new Case("alone", null);
        alone.warmUp();
        List<Long> undisturbed = new ArrayList<>();
        for (int i = 0; i < changes; i++) {
            undisturbed.add(alone.change());
        }

        Case dead = new Case("a dead one", "rsync://127.0.0.1:" + Machine.freePort() + "/m/");
        Daemon stalling = new Daemon("stalled");
        Case stalled = new Case("a stalled one", stalling.url());
        List<Case> cases = new ArrayList<>(List.of(alone, dead, stalled));
        Path full = mount("full");
        if (full == null) {
            System.err.println("Not root, or nothing may be mounted here: the full one is left out");
        } else {
            cases.add(new Case("a full one", full.resolve("target").toString()));
        }
        stalled.awaitState("live");
        signal("STOP", stalling.process);
        if (full != null) {
            cases.get(3).awaitState("live");
            fill(full.resolve("filler"));
        }
        for (Case each : cases) {
            each.warmUp();
        }
        for (int i = 0; i < changes; i++) {
            for (int turn = 0; turn < cases.size(); turn++) {
                Case next = cases.get((i + turn) % cases.size());
                next.times.add(next.change());
            }
        }
        print(changes, undisturbed, cases, loadBefore);
    }

    private void print(int changes, List<Long> undisturbed, List<Case> cases, String loadBefore) throws Exception {
        System.out.println("# From a change to its whole content at a healthy target");
        System.out.println();
        System.out.println(Commands.firstLine(JAVA, "-jar", JAR.toString(), "--version") + ", " + Commands.firstLine("rsync", "--version") + ", Java "
                + System.getProperty("java.version") + ", Linux " + System.getProperty("os.version") + ", "
                + Runtime.getRuntime().availableProcessors() + " x " + Machine.processor() + ", " + Files.getFileStore(root).type()
                + ", load " + loadBefore + " before and " + Machine.load() + " after. " + changes
                + " changes each of 1 KiB, after a warm-up of " + WARM_UP + "; TCP_NODELAY on both sides; window = 50ms.");
        System.out.println();
        System.out.println("| the healthy target | p50, ms | p95, ms | longest, ms | p50, to alone | p95, to alone | the other target at the end |");
        System.out.println("|---|---:|---:|---:|---:|---:|---|");
        List<Long> reference = cases.get(0).times;
        printRow("alone, and nothing else runs", undisturbed, reference, "");
        for (Case each : cases) {
            printRow(each.other == null ? each.name : "beside " + each.name, each.times, reference, each.other == null ? "" : each.state());
        }
    }

    private static void printRow(String name, List<Long> times, List<Long> reference, String state) {
        double p50 = Percentiles.millis(times, 50);
        double p95 = Percentiles.millis(times, 95);
        System.out.printf(Locale.ROOT, "| %s | %.1f | %.1f | %.1f | %.2f | %.2f | %s |%n", name, p50, p95, Percentiles.millis(times, 100),
                p50 / Percentiles.millis(reference, 50), p95 / Percentiles.millis(reference, 95), state);
    }

    /** A mirror with a healthy target, and maybe another one. */
    private final class Case {

        private static final Pattern STATE = Pattern.compile("\"name\":\"other\".*?\"state\":\"([^\"]*)\".*?\"owed\":(\\d+)");

        private final String name;
        private final String other;
        private final Path source;
        private final Path target;
        private final HttpProbe http = new HttpProbe(Machine.freePort());
        private final Path output;
        private final Process process;
        private final List<Long> times = new ArrayList<>();
        private int count;

        /** @param other the URL of the other target, or {@code null} */
        Case(String name, String other) throws Exception {
            this.name = name;
            this.other = other;
            Path home = Files.createDirectories(root.resolve(name.replace(' ', '-')));
            source = Files.createDirectories(home.resolve("source"));
            Daemon daemon = new Daemon(home.getFileName() + "/healthy");
            target = daemon.folder;
            output = home.resolve("output");
            List<String> lines = new ArrayList<>(List.of(
                    "mirror.t.source = " + source,
                    "mirror.t.target.healthy.url = " + daemon.url(),
                    "dromedary.state-dir = " + home.resolve("state"),
                    "camel.server.port = " + http.port()));
            if (other != null) {
                lines.add("mirror.t.target.other.url = " + other);
            }
            Path configuration = Files.write(home.resolve("application.properties"), lines);
            process = start(output, List.of(JAVA, "-jar", JAR.toString(), "--config", configuration.toString()));
            await("ready", http::isReady);
        }

        /** {@return how long a change took to arrive at the healthy target, in nanoseconds} */
        long change() throws Exception {
            // longer than the window: each change finds the target idle
            Thread.sleep(80 + random.nextInt(80));
            byte[] content = Arrays.copyOf((name + " " + ++count + "\n").getBytes(StandardCharsets.UTF_8), 1024);
            Path there = target.resolve("file");
            long start = System.nanoTime();
            Files.write(source.resolve("file"), content);
            while (!Arrays.equals(content, Trees.readIfExists(there))) {
                if (System.nanoTime() - start > LONGEST.toNanos()) {
                    throw new IllegalStateException(name + ": a change had not arrived after " + LONGEST.toSeconds() + " s\n"
                            + Files.readString(output));
                }
                LockSupport.parkNanos(100_000);
            }
            return System.nanoTime() - start;
        }

        void warmUp() throws Exception {
            for (int i = 0; i < WARM_UP; i++) {
                change();
            }
        }

        void awaitState(String state) throws Exception {
            await(state, () -> state().startsWith(state));
        }

        /** What its status says of the other target. */
        String state() {
            String status = http.status();
            Matcher state = STATE.matcher(status == null ? "" : status);
            return state.find() ? state.group(1) + ", owed " + state.group(2) : "?";
        }

        private void await(String what, Condition condition) throws Exception {
            Beside.await(name + ": " + what, () -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException(name + " has ended\n" + Files.readString(output));
                }
                return condition.holds();
            });
        }
    }

    /** An rsync daemon with one module, m. */
    private final class Daemon {

        private final Path folder;
        private final int port = Machine.freePort();
        private final Process process;

        Daemon(String name) throws Exception {
            Path home = Files.createDirectories(root.resolve(name));
            folder = Files.createDirectories(home.resolve("target"));
            process = start(home.resolve("output"), RsyncdConf.write(home, port, Map.of("m", folder)));
            await("a daemon at " + port, () -> Machine.accepts(port));
        }

        String url() {
            return "rsync://127.0.0.1:" + port + "/m/";
        }
    }

    private Process start(Path output, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile()).redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true).redirectOutput(output.toFile());
        return cleanup.start(builder, started -> cleanup.add(() -> Processes.end(started, GRACE)));
    }

    private static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not after two minutes: " + what);
            }
            Thread.sleep(50);
        }
    }

    /** {@return a file system of one megabyte, or {@code null}} */
    private Path mount(String name) throws Exception {
        Path folder = Files.createDirectories(root.resolve(name));
        if (!Machine.isRoot() || !Commands.succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString())) {
            return null;
        }
        cleanup.add(() -> Commands.succeeds("umount", "--lazy", folder.toString()));
        return folder;
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException e) {
            if (Files.getFileStore(file).getUsableSpace() > 0) {
                throw e;
            }
        }
    }

    private static void signal(String name, Process process) throws Exception {
        if (!Commands.succeeds("kill", "-" + name, Long.toString(process.pid()))) {
            throw new IllegalStateException("no signal could be sent");
        }
    }
}
