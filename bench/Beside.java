import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How long a small change takes to a healthy target: alone, and beside a dead, a stalled and a full one.
 *
 * <p>{@code java bench/Beside.java [CHANGES]} wants target/dromedary.jar and rsync, and for the full one root. Each case has a
 * Dromedary, a source and an rsync daemon of its own; all of them run, and they take turns change by change, so that whatever
 * else the machine does falls on all alike. The first row is measured before the others are started.
 */
public final class Beside {

    private static final Path JAR = Path.of("target/dromedary.jar").toAbsolutePath();
    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin/java").toString();
    private static final int WARM_UP = 100;
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    // the pauses are the same in each run, and fall in with no clock
    private final Random random = new Random(1);
    private final Path root;

    private Beside(Path root) {
        this.root = root;
    }

    public static void main(String[] arguments) throws Exception {
        int changes = arguments.length == 0 ? 200 : Integer.parseInt(arguments[0]);
        if (!Files.isRegularFile(JAR)) {
            System.err.println("There is no " + JAR + ": mvn -DskipTests package makes it");
            System.exit(1);
        }
        Path memory = Path.of("/dev/shm");
        Path root = Files.isWritable(memory) ? Files.createTempDirectory(memory, "beside-") : Files.createTempDirectory("beside-");
        Beside bench = new Beside(root.toRealPath());
        Thread cleaner = new Thread(bench::close);
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            bench.run(changes);
        } finally {
            Runtime.getRuntime().removeShutdownHook(cleaner);
            bench.close();
        }
    }

    private void run(int changes) throws Exception {
        String before = load();
        Case alone = new Case("alone", null);
        alone.warmUp();
        List<Long> byItself = new ArrayList<>();
        for (int i = 0; i < changes; i++) {
            byItself.add(alone.change());
        }

        Case dead = new Case("a dead one", "rsync://127.0.0.1:" + freePort() + "/m/");
        Daemon stalls = new Daemon("stalled");
        Case stalled = new Case("a stalled one", stalls.url());
        List<Case> cases = new ArrayList<>(List.of(alone, dead, stalled));
        Path full = mount("full");
        if (full == null) {
            System.err.println("Not root, or nothing may be mounted here: the full one is left out");
        } else {
            cases.add(new Case("a full one", full.resolve("target").toString()));
        }
        stalled.awaitState("live");
        signal("STOP", stalls.process);
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
                next.took.add(next.change());
            }
        }
        print(changes, byItself, cases, before);
    }

    private void print(int changes, List<Long> byItself, List<Case> cases, String before) throws Exception {
        System.out.println("# From a change to its whole content at a healthy target");
        System.out.println();
        System.out.println(said(JAVA, "-jar", JAR.toString(), "--version") + ", " + said("rsync", "--version") + ", Java "
                + System.getProperty("java.version") + ", Linux " + System.getProperty("os.version") + ", "
                + Runtime.getRuntime().availableProcessors() + " x " + processor() + ", " + Files.getFileStore(root).type()
                + ", load " + before + " before and " + load() + " after. " + changes
                + " changes each of 1 KiB, after a warm-up of " + WARM_UP + "; TCP_NODELAY on both sides; window = 50ms.");
        System.out.println();
        System.out.println("| the healthy target | p50, ms | p95, ms | longest, ms | p50, to alone | p95, to alone | the other target at the end |");
        System.out.println("|---|---:|---:|---:|---:|---:|---|");
        List<Long> reference = cases.get(0).took;
        row("alone, and nothing else runs", byItself, reference, "");
        for (Case each : cases) {
            row(each.other == null ? each.name : "beside " + each.name, each.took, reference, each.other == null ? "" : each.state("other"));
        }
    }

    private static void row(String name, List<Long> took, List<Long> reference, String state) {
        System.out.printf(Locale.ROOT, "| %s | %.1f | %.1f | %.1f | %.2f | %.2f | %s |%n", name, part(took, 50) / 1e6, part(took, 95) / 1e6,
                Collections.max(took) / 1e6, part(took, 50) / part(reference, 50), part(took, 95) / part(reference, 95), state);
    }

    private static double part(List<Long> took, int percent) {
        List<Long> sorted = took.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    /** A mirror with a healthy target, and maybe another one. */
    private final class Case {

        private final String name;
        private final String other;
        private final Path source;
        private final Path target;
        private final int port = freePort();
        private final Path output;
        private final Process process;
        private final List<Long> took = new ArrayList<>();
        private int count;

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
                    "camel.server.port = " + port));
            if (other != null) {
                lines.add("mirror.t.target.other.url = " + other);
            }
            Path configuration = Files.write(home.resolve("application.properties"), lines);
            process = start(output, JAVA, "-jar", JAR.toString(), "--config", configuration.toString());
            await("ready", () -> get("/observe/health/ready") != null);
        }

        /** {@return how long it took, in nanoseconds} */
        long change() throws Exception {
            // longer than the window: each change finds the target idle
            Thread.sleep(80 + random.nextInt(80));
            byte[] content = Arrays.copyOf((name + " " + ++count + "\n").getBytes(StandardCharsets.UTF_8), 1024);
            Path there = target.resolve("file");
            long start = System.nanoTime();
            Files.write(source.resolve("file"), content);
            while (!Arrays.equals(content, read(there))) {
                if (System.nanoTime() - start > LONGEST.toNanos()) {
                    throw new IllegalStateException(name + ": a change had not arrived after " + LONGEST.toSeconds() + " s\n" + Files.readString(output));
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
            await(state, () -> state("other").startsWith(state));
        }

        /** What its status says of a target. */
        String state(String name) {
            String status = get("/api/status");
            Matcher state = Pattern.compile("\"name\":\"" + name + "\".*?\"state\":\"([^\"]*)\".*?\"owed\":(\\d+)").matcher(status == null ? "" : status);
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

        private String get(String path) {
            try {
                HttpResponse<String> response = HTTP.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.ofString());
                return response.statusCode() == 200 ? response.body() : null;
            } catch (IOException e) {
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
    }

    /** An rsync daemon with one module, m. */
    private final class Daemon {

        private final Path folder;
        private final int port = freePort();
        private final Process process;

        Daemon(String name) throws Exception {
            Path home = Files.createDirectories(root.resolve(name));
            folder = Files.createDirectories(home.resolve("target"));
            List<String> lines = new ArrayList<>(List.of("use chroot = no", "munge symlinks = no", "socket options = TCP_NODELAY",
                    "log file = " + home.resolve("log"), "lock file = " + home.resolve("lock"), "reverse lookup = no"));
            if (isRoot()) {
                lines.addAll(List.of("uid = 0", "gid = 0"));
            }
            lines.addAll(List.of("[m]", "path = " + folder, "read only = no"));
            Path configuration = Files.write(home.resolve("rsyncd.conf"), lines);
            process = start(home.resolve("output"), "rsync", "--daemon", "--no-detach", "--address=127.0.0.1", "--port=" + port,
                    "--config=" + configuration);
            await("a daemon at " + port, () -> accepts(port));
        }

        String url() {
            return "rsync://127.0.0.1:" + port + "/m/";
        }
    }

    private Process start(Path output, String... command) throws IOException {
        Process process = new ProcessBuilder(command).directory(root.toFile()).redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        started.push(() -> end(process));
        return process;
    }

    // with all that it has started, which a stopped one would not end itself
    private static void end(Process process) throws Exception {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(2, TimeUnit.SECONDS)) {
            children = Stream.concat(children.stream(), process.descendants()).toList();
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                System.err.println("could not be put away: " + e);
            }
        }
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("could not be removed: " + root + ": " + e);
        }
    }

    /** {@return a file system of one megabyte, or {@code null}} */
    private Path mount(String name) throws Exception {
        Path folder = Files.createDirectories(root.resolve(name));
        if (!isRoot() || !runs("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString())) {
            return null;
        }
        started.push(() -> runs("umount", "--lazy", folder.toString()));
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
        if (!runs("kill", "-" + name, Long.toString(process.pid()))) {
            throw new IllegalStateException("no signal could be sent");
        }
    }

    private static boolean runs(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.DISCARD).start();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return false;
        }
        return process.exitValue() == 0;
    }

    /** {@return the first line of what a program says} */
    private static String said(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(10, TimeUnit.SECONDS);
        return said.lines().findFirst().orElse("?").replaceAll(" +", " ").strip();
    }

    private interface Condition {
        boolean holds() throws Exception;
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

    private static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    // below the range that outgoing connections take theirs from
    private static int freePort() {
        Random random = new Random();
        while (true) {
            int port = 15_000 + random.nextInt(16_000);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                continue;
            }
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isRoot() throws Exception {
        return said("id", "-u").equals("0");
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    private static String processor() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse("?");
    }
}
