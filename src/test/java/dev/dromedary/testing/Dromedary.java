package dev.dromedary.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

/**
 * The packaged jar, running as {@code bin/dromedary} starts it. The system property {@code dromedary.jar} says which jar,
 * {@code dromedary.java} in which Java's home if not in the one of the tests.
 */
public final class Dromedary implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(ofSeconds(5)).build();
    private static final int OUTPUT_SHOWN = 8_000;

    private final Process process;
    private final Path output;
    private final int port;

    private Dromedary(Process process, Path output, int port) {
        this.process = process;
        this.output = output;
        this.port = port;
    }

    /** To be started in a working directory; it ends with the scratch folder at the latest. */
    public static Builder in(Scratch scratch, Path folder) {
        return new Builder(scratch, folder);
    }

    public static final class Builder {

        private final Scratch scratch;
        private final Path folder;
        private final Map<String, String> properties = new TreeMap<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final List<String> before = new ArrayList<>();
        private Path javaHome = Path.of(System.getProperty("dromedary.java", System.getProperty("java.home")));
        private int port = FreePort.next();
        private List<String> launcher;
        private byte[] input;

        private Builder(Scratch scratch, Path folder) {
            this.scratch = scratch;
            this.folder = folder;
        }

        public Builder property(String key, String value) {
            properties.put(key, value);
            return this;
        }

        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        public Builder javaHome(Path home) {
            javaHome = home;
            return this;
        }

        /** With the jars of a folder on its class path, behind its own. */
        public Builder libraries(Path folder) {
            return launcher(List.of("-cp", jar() + ":" + folder + "/*", "dev.dromedary.Dromedary"));
        }

        public int port() {
            return port;
        }

        public Builder port(int number) {
            port = number;
            return this;
        }

        /** Starts it by something else than its jar: these arguments of Java. */
        public Builder launcher(List<String> arguments) {
            launcher = arguments;
            return this;
        }

        /** With something to read from its standard input. */
        public Builder input(byte[] bytes) {
            input = bytes;
            return this;
        }

        /** Runs it as another user, of no group; only root can. */
        public Builder as(int user) {
            before.addAll(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"));
            return this;
        }

        /** The same, with rights that are else root's: names of capabilities(7) without CAP_, such as sys_admin. */
        public Builder as(int user, String... capabilities) {
            as(user);
            String all = Stream.of(capabilities).map(each -> '+' + each).collect(Collectors.joining(","));
            before.addAll(List.of("--inh-caps=" + all, "--ambient-caps=" + all));
            return this;
        }

        /** Runs it in a user namespace of its own that has no more inotify watches and instances than these. */
        public Builder inotify(int watches, int instances) {
            before.addAll(List.of("unshare", "--user", "--map-root-user", "sh", "-c",
                    "echo " + watches + " >/proc/sys/user/max_inotify_watches;"
                            + " echo " + instances + " >/proc/sys/user/max_inotify_instances; exec \"$@\"", "sh"));
            return this;
        }

        /** Runs it as systemd does whose journal gets what it prints. */
        public Builder withJournal() {
            before.addAll(List.of("sh", "-c", "JOURNAL_STREAM=$(stat -L -c %d:%i /proc/$$/fd/1) exec \"$@\"", "sh"));
            return this;
        }

        public Dromedary start(String... arguments) {
            List<String> command = new ArrayList<>(before);
            command.add(javaHome.resolve("bin/java").toString());
            command.add("@" + Path.of("bin/jvm.options").toAbsolutePath());
            if (launcher == null) {
                command.add("-XX:SharedArchiveFile=" + ClassArchive.of(jar(), javaHome));
            }
            command.add("-Dcamel.server.port=" + port);
            properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
            command.addAll(launcher == null ? List.of("-jar", jar().toString()) : launcher);
            command.addAll(List.of(arguments));
            return startBy(command);
        }

        /** Starts it by a command that, in the end, is the program itself; only port and environment are of this builder. */
        public Dromedary startBy(List<String> command) {
            try {
                Path output = Files.createTempFile(scratch.root(), "output-", ".log");
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (input != null) {
                    process.getOutputStream().write(input);
                }
                process.getOutputStream().close();
                return scratch.own(new Dromedary(process, output, port));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Path jar() {
            Path jar = Path.of(System.getProperty("dromedary.jar", "target/dromedary.jar")).toAbsolutePath();
            if (!Files.isRegularFile(jar)) {
                throw new IllegalStateException("no jar at " + jar + "; `mvn package` makes it");
            }
            return jar;
        }
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGSTOP, until {@link #resume}. */
    public void suspend() {
        Processes.signal(process, "STOP");
    }

    public void resume() {
        Processes.signal(process, "CONT");
    }

    /** Until every source is wholly watched, so that no change from now on can be missed. */
    public Dromedary awaitReady() {
        try {
            Awaitility.await().atMost(ofSeconds(60)).pollDelay(ofMillis(0)).pollInterval(Mirrors::pause)
                    .until(() -> !process.isAlive() || isReady());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not ready after 60 s" + shownOutput(), e);
        }
        if (!process.isAlive()) {
            throw new AssertionError("ended with " + process.exitValue() + " before it was ready" + shownOutput());
        }
        return this;
    }

    public boolean isReady() {
        return answers("/observe/health/ready", 200);
    }

    /** Whether it answers at a path with a status; it does not while it starts, though its port may be in use for a moment. */
    public boolean answers(String path, int status) {
        try {
            return get(path).statusCode() == status;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    public HttpResponse<String> get(String path) {
        return send(request(path));
    }

    /** Asks for an action, as the page and the command line do. */
    public HttpResponse<String> post(String path) {
        return send(request(path).header("X-Dromedary-Action", "yes").POST(HttpRequest.BodyPublishers.noBody()));
    }

    /** Has the first target of the first mirror compared with its source, and waits until a run that has begun since is over. */
    public void reconcile() {
        // the comparison of the start is one, too
        Mirrors.eventually("nothing is compared", this, () -> "live".equals(target().getString("state")));
        Object before = target().get("lastReconcile");
        JsonObject mirror = (JsonObject) json("/api/status").<List<?>>getCollection("mirrors").get(0);
        post("/api/mirrors/" + mirror.getString("name") + "/targets/" + target().getString("name") + "/reconcile");
        Mirrors.eventually("it is compared", this, () -> !Objects.equals(before, target().get("lastReconcile"))
                && "live".equals(target().getString("state")));
    }

    /** The same with a body of JSON. */
    public HttpResponse<String> post(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(ofSeconds(10));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What the status says of the first target of the first mirror. */
    public JsonObject target() {
        JsonObject mirror = (JsonObject) json("/api/status").<List<?>>getCollection("mirrors").get(0);
        return (JsonObject) mirror.<List<?>>getCollection("targets").get(0);
    }

    public JsonObject json(String path) {
        HttpResponse<String> response = get(path);
        try {
            return (JsonObject) Jsoner.deserialize(response.body());
        } catch (DeserializationException e) {
            throw new AssertionError(path + " answers with " + response.statusCode() + ": " + response.body(), e);
        }
    }

    /** For what ends by itself: waits for it and gives its exit code. */
    public int awaitExit() {
        return awaitExit(60);
    }

    /** The same, for what takes longer: a bound, not an expectation. */
    public int awaitExit(int seconds) {
        try {
            return Processes.awaitEnd(process, seconds);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + shownOutput(), e);
        }
    }

    /** Asks it to end, by SIGTERM, and gives its exit code. */
    public int terminate() {
        process.destroy();
        return awaitExit(20);
    }

    /** Kills it where it stands, by SIGKILL; what it has started is left behind, as it would be. */
    public void killNow() {
        process.destroyForcibly();
        awaitExit(20);
    }

    /** All that it has written so far, to either stream. */
    public String output() {
        return Processes.read(output);
    }

    /** The end of the output, its status, and where its threads are that run our code, for the message of a failed test. */
    public String shownOutput() {
        String all = output();
        return "\n--- output ---\n" + all.substring(Math.max(0, all.length() - OUTPUT_SHOWN)) + "\n--- status ---\n" + status()
                + "\n--- threads ---\n" + threads();
    }

    private String status() {
        try {
            return isAlive() ? get("/api/status").body() : "it has ended";
        } catch (UncheckedIOException e) {
            return "it does not say: " + e.getMessage();
        }
    }

    /** Where its threads are that run our code, as jstack tells. */
    public String threads() {
        if (!isAlive()) {
            return "it has ended";
        }
        try {
            String all = Sh.run(Path.of("/"), "timeout 20 '" + System.getProperty("java.home") + "/bin/jstack' " + process.pid());
            return Stream.of(all.split("\n\n")).filter(thread -> thread.contains("at dev.dromedary") && !thread.startsWith("\"main\"")).collect(Collectors.joining("\n"));
        } catch (AssertionError e) {
            return "they can't be had: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        Processes.end(process);
    }
}
